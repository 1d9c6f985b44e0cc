"""holder: whose update brings the fix, by where a package's file is."""

from __future__ import annotations

import pytest

from scan_brief.findings.holder import find_holder

SITE = "usr/local/lib/python3.12/site-packages"
# packageManager, name, path = kind, holder
PARTS = r"""
NODEPKG tar usr/lib/node_modules/npm/node_modules/tar/package.json = RUNTIME Node.js (npm)
NODEPKG npm /usr/local/lib/node_modules/npm/package.json = RUNTIME Node.js (npm)
NPM x root/.nvm/versions/node/v20/lib/node_modules/npm/node_modules/x = RUNTIME Node.js (npm)
NODEPKG x usr/local/lib/node_modules/corepack/dist/x = RUNTIME Node.js (corepack)
NODEPKG x Programs\nodejs\node_modules\npm\node_modules\x = RUNTIME Node.js (npm)
NODEPKG ini opt/yarn-v1.22.22/lib/ini = RUNTIME Node.js (yarn)
PYTHONPKG pip usr/lib/python3.12/ensurepip/_bundled/pip-24.whl = RUNTIME Python (ensurepip)
JAR jetty-io usr/lib/jvm/java-8/lib/jetty-io.jar = RUNTIME Java (usr/lib/jvm/java-8)
JAR x opt/java/openjdk/lib/x.jar = RUNTIME Java (opt/java/openjdk)
JAR x opt/jdk-17.0.2/lib/x.jar = RUNTIME Java (jdk-17.0.2)
NUGET System.Text.Json usr/share/dotnet/shared/NETCore.App/8.0.1/x.deps.json = RUNTIME .NET
GOMOD golang.org/x/net usr/local/go/src/go.mod = RUNTIME Go
GEMSPEC rexml usr/local/lib/ruby/gems/3.3.0/specifications/default/rexml-3.gemspec = RUNTIME Ruby
PYTHONPKG urllib3 var/lang/lib/python3.12/site-packages/urllib3 = RUNTIME AWS Lambda runtime
PYTHONPKG requests usr/lib/python3/dist-packages/requests-2.28.1.egg-info = SYSTEM
PYTHONPKG idna usr/lib/python3.9/site-packages/idna-2.10.dist-info/METADATA = SYSTEM
JAR org.jsoup:jsoup usr/share/java/jsoup.jar = SYSTEM
NODEPKG tar usr/share/nodejs/tar/package.json = SYSTEM
NODEPKG ws usr/local/lib/node_modules/pm2/node_modules/ws/package.json = TOOL pm2
NODEPKG ws usr/lib/node_modules/@angular/cli/node_modules/ws = TOOL @angular/cli
PYTHONPKG urllib3 SITE/pip/_vendor/urllib3/__init__.py = TOOL pip
PYTHONPKG wheel SITE/setuptools/_vendor/wheel-0.43.0.dist-info/METADATA = TOOL setuptools
PYTHONPKG pip SITE/virtualenv/seed/wheels/embed/pip-23.py3.whl = TOOL virtualenv
PYTHONPKG x opt/pipx/venvs/ansible/lib/python3.12/site-packages/x = TOOL ansible
JAR x opt/kafka_2.13-3.6.0/libs/x-1.jar = TOOL Apache Kafka
JAR x usr/local/tomcat/lib/x-1.jar = TOOL Apache Tomcat
JAR x opt/apache-maven-3.9.6/lib/x-1.jar = TOOL Apache Maven
PYTHONPKG x usr/local/aws-cli/v2/2.15.0/dist/x = TOOL AWS CLI
GOBINARY golang.org/x/net usr/local/bin/gosu = BINARY usr/local/bin/gosu
GENERIC go/stdlib usr/bin/tool = BINARY usr/bin/tool
GOBINARY stdlib /app/server = BINARY app/server
CARGO openssl usr/bin/rg = BINARY usr/bin/rg
JAR a:spring-core app/app.jar/BOOT-INF/lib/spring-core-5.3.17.jar = ARCHIVE app/app.jar
JAR a:b app/app.war!/WEB-INF/lib/b-1.jar = ARCHIVE app/app.war
JAR a:b app/app.jar:BOOT-INF/lib/b-1.jar = ARCHIVE app/app.jar
JAR org.jsoup:jsoup app/lib/wagon-http-shaded.jar = ARCHIVE app/lib/wagon-http-shaded.jar
NODEPKG minimist srv/node_modules/mkdirp/node_modules/minimist/package.json = PARENT mkdirp
NODEPKG ws app/node_modules/next/dist/compiled/ws/package.json = PARENT next
NODEPKG x app/node_modules/@a/b/node_modules/x/package.json = PARENT @a/b
NODEPKG x app/node_modules/npm/node_modules/x/package.json = PARENT npm
"""


@pytest.mark.parametrize("part", PARTS.strip().splitlines())
def test_what_a_package_is_part_of_brings_its_fix(part: str) -> None:
    given, _, held = part.replace("SITE", SITE).partition(" = ")
    manager, name, path = given.split()
    kind, _, holder = held.partition(" ")
    assert find_holder(path, name, manager) == {"kind": kind, "name": holder}


@pytest.mark.parametrize(
    ("manager", "name", "path"),
    [
        ("OS", "openssl", ""),
        ("OS", "openssl", "var/lib/dpkg/status"),
        ("", "x", ""),
        ("NODEPKG", "axios", "srv/web/node_modules/axios/package.json"),
        ("NODEPKG", "@a/b", "srv/web/node_modules/@a/b/package.json"),
        ("NPM", "axios", "app/package-lock.json"),
        ("NODEPKG", "x", "app/node_modules/.package-lock.json"),
        ("NODEPKG", "tar", "app/node_modules/.pnpm/tar@6.1.0/node_modules/tar/package.json"),
        ("NODEPKG", "pm2", "usr/local/lib/node_modules/pm2/package.json"),
        ("PYTHONPKG", "Flask", f"{SITE}/Flask-2.2.2.dist-info/METADATA"),
        ("PYTHONPKG", "pip", f"{SITE}/pip-24.0.dist-info/METADATA"),
        ("PIP", "flask", "app/requirements.txt"),
        ("GOMOD", "golang.org/x/net", "src/metrics/go.mod"),
        ("CARGO", "openssl", "app/Cargo.lock"),
        ("JAR", "org.yaml:snakeyaml", "app/lib/snakeyaml-1.30.jar"),
        ("JAR", "org.eclipse.jetty:jetty-server", "app/org.eclipse.jetty.server_8.1.14.jar"),
        ("JAR", "org.yaml:SnakeYAML", "app/lib/snakeyaml.jar"),
        ("POM", "a:b", "app/pom.xml"),
        ("NUGET", "x", "app/packages.lock.json"),
        ("GENERIC", "openssl", "usr/bin/openssl"),
        ("COMPOSER", "x/y", "var/www/html/composer.lock"),
        ("GEMSPEC", "rack", "usr/local/bundle/specifications/rack-2.2.3.gemspec"),
        ("JAR", "x", "opt/javascript/x.jar"),
        ("JAR", "x", "opt/my-java-11-app/lib/x.jar"),
        ("JAR", "x", "opt/my-jdk-11-app/lib/x.jar"),
    ],
)
def test_a_package_of_its_own_has_no_holder(manager: str, name: str, path: str) -> None:
    assert find_holder(path, name, manager) is None


def test_a_long_name_is_cut_at_its_start() -> None:
    held = find_holder("a" * 300 + "/server", "x", "GOBINARY")
    assert held is not None
    assert (len(held["name"]), held["name"][-7:]) == (80, "/server")
