"""Pure: what a package belongs to, by its file's path, if an update of the package cannot fix it.

The paths are those of Inspector's filePath: relative to the image's root, through archives.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from scan_brief.text import cut_front

if TYPE_CHECKING:
    from scan_brief.model import Holder, HolderKind

_NAME_CHARACTERS = 80
_NODE_MODULES = "node_modules"
_GLOBAL = (
    r"(?:^|/)(?:lib(?:64)?|nodejs)/node_modules/"  # where `npm install --global` puts packages
)
_ARCHIVE = re.compile(r"\.(?:jar|war|ear|aar|whl|egg|phar|pex|nupkg|asar|zip)$", re.IGNORECASE)
_JDK = r"(?:jdk|jre|[a-z-]*openjdk|temurin|[a-z-]*corretto|graalvm[a-z-]*|zulu|semeru)"
_GO_LIBRARY = ("stdlib", "go/stdlib")  # which Inspector also finds in programs of no manager
_LOCK_FILES = ("Cargo.lock", "Cargo.toml", "go.mod", "go.sum")

# A pattern, and the name to print, with the pattern's group in it.
_Patterns: TypeAlias = tuple[tuple[str, str], ...]
_RUNTIMES: _Patterns = (
    (_GLOBAL + r"(npm|corepack)(?:/|$)", "Node.js ({})"),
    (r"(?:^|/)opt/(yarn)-v?\d[^/]*/", "Node.js ({})"),
    (r"(?:^|/)(ensurepip)/", "Python ({})"),
    (r"^var/(lang|runtime)/", "AWS Lambda runtime"),
    (rf"(?:^|/)((?:usr/lib/jvm|opt/java|usr/java)/[^/]+|{_JDK}[-_.]?\d[^/]*)/", "Java ({})"),
    (r"(?:^|/)\.?(dotnet)/(?:shared|sdk|host|packs|store)/", ".NET"),
    (r"(?:^|/)(usr/local/go|usr/lib/golang|usr/lib/go-[\d.]+)/", "Go"),
    (r"/specifications/(default)/", "Ruby"),
    (r"(?:^|/)\.?(rustup)/toolchains/", "Rust"),
)
_SYSTEM = re.compile(
    r"^usr/(?:lib(?:64)?/python[\d.]*/(?:dist|site)-packages|share/(?:python-wheels|nodejs|java"
    r"|node_modules|maven-repo|gems|rubygems-integration|ruby|php|cargo|gocode)"
    r"|lib(?:64)?/ruby)/"
)
_PRODUCTS = {
    "activemq": "Apache ActiveMQ",
    "cassandra": "Apache Cassandra",
    "elasticsearch": "Elasticsearch",
    "flink": "Apache Flink",
    "gradle": "Gradle",
    "hadoop": "Apache Hadoop",
    "jetty": "Jetty",
    "kafka": "Apache Kafka",
    "keycloak": "Keycloak",
    "logstash": "Logstash",
    "maven": "Apache Maven",
    "opensearch": "OpenSearch",
    "solr": "Apache Solr",
    "sonarqube": "SonarQube",
    "spark": "Apache Spark",
    "tomcat": "Apache Tomcat",
    "wildfly": "WildFly",
    "zookeeper": "Apache ZooKeeper",
}
_PRODUCT = re.compile(
    rf"(?:^|/)(?:apache-)?({'|'.join(_PRODUCTS)})[-_\d.]*/"
    r"(?:bin|boot|jars|lib|libs|modules|plugins|share)/"
)
_TOOLS: _Patterns = (
    (_GLOBAL + r"(@[^/]+/[^/]+|[^@/][^/]*)/", "{}"),
    (r"/(?:site|dist)-packages/([^/]+)/(?:[^/]+/)*_?(?:vendor(?:ed)?|bundled|extern)/", "{}"),
    (r"/(virtualenv)/seed/wheels/", "{}"),
    (r"/pipx/venvs/([^/]+)/", "{}"),
    (r"/(bundler)/vendor/", "{}"),
    (r"(?:^|/)(aws-cli)/", "AWS CLI"),
    (r"(?:^|/)(google-cloud-sdk)/", "Google Cloud CLI"),
)


def find_holder(path: str, name: str, manager: str) -> Holder | None:
    """What brings the fix instead of the package's own update; None for a package of its own.

    path: "" if there is none. manager: Inspector's packageManager.
    """
    path = re.sub(r"!/?|(?<=ar):/?", "/", path.replace("\\", "/")).lstrip("/")
    if not path or manager == "OS":
        return None
    return (
        _find_named("RUNTIME", _RUNTIMES, path)
        or (_hold("SYSTEM", "") if _SYSTEM.search(path) else None)
        or _find_tool(path, name)
        or _find_binary(path, name, manager)
        or _find_archive(path, name, manager)
        or _find_parent(path, name)
    )


def _hold(kind: HolderKind, name: str) -> Holder:
    return {"kind": kind, "name": cut_front(name, _NAME_CHARACTERS)}


def _find_named(kind: HolderKind, patterns: _Patterns, path: str) -> Holder | None:
    for pattern, name in patterns:
        found = re.search(pattern, path)
        if found:
            return _hold(kind, name.format(found.group(1)))
    return None


def _find_tool(path: str, name: str) -> Holder | None:
    """A tool that is installed as a whole. The tool itself is a package of its own."""
    product = _PRODUCT.search(path)
    if product:
        return _hold("TOOL", _PRODUCTS[product.group(1)])
    tool = _find_named("TOOL", _TOOLS, path)
    return tool if tool and tool["name"] != name else None


def _find_binary(path: str, name: str, manager: str) -> Holder | None:
    compiled = manager in ("GOBINARY", "CARGO", "GOMOD") or name in _GO_LIBRARY
    return _hold("BINARY", path) if compiled and not path.endswith(_LOCK_FILES) else None


def _find_archive(path: str, name: str, manager: str) -> Holder | None:
    """The outermost archive, unless it is the package's own file."""
    parts = path.split("/")
    archives = [index for index, part in enumerate(parts) if _ARCHIVE.search(part)]
    if not archives:
        return None
    packed = manager in ("JAR", "POM") and not _is_own(parts[archives[0]], name)
    own = len(archives) == 1 and not packed
    return None if own else _hold("ARCHIVE", "/".join(parts[: archives[0] + 1]))


def _is_own(file: str, name: str) -> bool:
    """Whether an archive is called after the package: org.eclipse.jetty.server_8.1.jar is of
    org.eclipse.jetty:jetty-server.
    """
    words = set(re.split(r"[^a-z0-9]+", file.lower()))
    artifact = re.split(r"[^a-z0-9]+", name.rpartition(":")[2].lower())
    return set(artifact) <= words or file.lower().startswith(name.rpartition(":")[2].lower())


def _find_parent(path: str, name: str) -> Holder | None:
    """The package of node_modules whose own tree has this one."""
    parts = path.split("/")
    if _NODE_MODULES not in parts:
        return None
    below = parts[parts.index(_NODE_MODULES) + 1 :]
    top = "/".join(below[:2]) if below[:1] and below[0].startswith("@") else "".join(below[:1])
    own = top in ("", name) or top.startswith(".") or len(below) <= top.count("/") + 1
    return None if own else _hold("PARENT", top)
