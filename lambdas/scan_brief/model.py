"""Every shape that crosses a state of the workflow or a module, declared once. Pure.

Our own shapes are TypedDicts. Read them as shape["key"]: mypy refuses a misspelled key there, but
not in shape.get("key"). What AWS sends is Untrusted: any member may be missing or odd, and mypy
accepts only the keys that we read.

The functions import this module only while their types are checked: it costs no cold start.
"""
# ruff: noqa: UP007, UP045 - typeguard 2.13.3, which checks values against these shapes in tests,
# ignores the content of "X | None". It also needs annotations that Python evaluates.

from typing import (
    Literal,
    NotRequired,
    Optional,
    Protocol,
    Required,
    TypedDict,
    TypeVar,
    Union,
    overload,
)

# ---- What AWS sends ----

KeyT_contra = TypeVar("KeyT_contra", bound=str, contravariant=True)


class Untrusted(Protocol[KeyT_contra]):
    """A JSON object from another service, with the keys that we read of it."""

    @overload
    def get(self, key: KeyT_contra, /) -> object: ...
    @overload
    def get(self, key: KeyT_contra, default: object, /) -> object: ...
    def __getitem__(self, key: KeyT_contra, /) -> object: ...


# Amazon Inspector user guide, "Amazon EventBridge event schema for Amazon Inspector events".
EventKey = Literal[
    "id", "source", "detail-type", "account", "region", "time", "detail", "resources"
]
ScanEvent = Untrusted[EventKey]
ScanDetail = Untrusted[
    Literal[
        "repository-name", "image-digest", "image-tags", "scan-status", "finding-severity-counts"
    ]
]
# Amazon ECR user guide, "Amazon ECR events and EventBridge": an image push.
PushDetail = Untrusted[
    Literal[
        "repository-name",
        "image-digest",
        "image-tag",
        "manifest-media-type",
        "artifact-media-type",
    ]
]
# RegistryScanningConfiguration of botocore's ecr model, and its members.
ScanningConfiguration = Untrusted[Literal["scanType", "rules"]]
ScanningRule = Untrusted[Literal["scanFrequency", "repositoryFilters"]]
RepositoryFilter = Untrusted[Literal["filter", "filterType"]]
ScanningAnswer = Untrusted[Literal["scanningConfiguration"]]
EventCounts = Untrusted[Literal["CRITICAL", "HIGH", "MEDIUM", "TOTAL"]]
# An "Inspector2 Finding" event: Finding, with times as text; of resources, also type and id.
FindingEventDetail = Untrusted[Literal["findingArn", "status", "firstObservedAt", "resources"]]
FindingEventResource = Untrusted[Literal["type", "id", "details"]]
# Structures of botocore's inspector2 model: Finding and its members, CoveredResource and its.
Finding = Untrusted[
    Literal[
        "findingArn",
        "severity",
        "title",
        "description",
        "exploitAvailable",
        "exploitabilityDetails",
        "epss",
        "inspectorScore",
        "firstObservedAt",
        "fixAvailable",
        "packageVulnerabilityDetails",
        "resources",
    ]
]
FindingResource = Untrusted[Literal["details"]]
ResourceDetails = Untrusted[Literal["awsEcrContainerImage"]]
EcrImageDetails = Untrusted[
    Literal[
        "repositoryName",
        "imageHash",
        "imageTags",
        "pushedAt",
        "platform",
        "architecture",
        "inUseCount",
        "lastInUseAt",
    ]
]
ExploitabilityDetails = Untrusted[Literal["lastKnownExploitAt"]]
VulnerabilityDetails = Untrusted[Literal["vulnerabilityId", "cvss", "vulnerablePackages"]]
Epss = Untrusted[Literal["score"]]
CvssScore = Untrusted[Literal["baseScore", "version", "scoringVector"]]
# Metrics of CVSS versions 3 and 4, and 2 (Au), by their short names.
CvssMetrics = Untrusted[Literal["AV", "AC", "PR", "Au", "UI", "C", "I", "A", "VC", "VI", "VA"]]
DetailsAnswer = Untrusted[Literal["findingDetails"]]
FindingDetail = Untrusted[Literal["findingArn", "cisaData", "exploitObserved", "epssScore", "cwes"]]
CisaData = Untrusted[Literal["dateAdded", "dateDue"]]
ObservedExploit = Untrusted[Literal["firstSeen", "lastSeen"]]
VulnerablePackage = Untrusted[
    Literal[
        "name",
        "epoch",
        "version",
        "release",
        "fixedInVersion",
        "remediation",
        "filePath",
        "packageManager",
        "runtimeReachability",
        "runtimeReachabilityReason",
        "purl",
        "sourceLayerHash",
    ]
]
# Of package URLs of type oci: package-url/purl-spec.
ImageQualifiers = Untrusted[Literal["repository_url", "tag", "arch"]]
AggregationAnswer = Untrusted[Literal["responses", "nextToken"]]
AggregationRow = Untrusted[Literal["imageLayerAggregation"]]
ImageLayer = Untrusted[Literal["layerHash", "repository", "accountId"]]
ClustersAnswer = Untrusted[Literal["cluster", "nextToken"]]
ClusterInformation = Untrusted[Literal["clusterArn", "clusterDetails"]]
ClusterDetails = Untrusted[Literal["lastInUse", "runningUnitCount"]]
CoveredResource = Untrusted[
    Literal["resourceId", "lastScannedAt", "scanStatus", "resourceMetadata"]
]
ScanStatus = Untrusted[Literal["reason"]]
ResourceMetadata = Untrusted[Literal["ecrImage"]]
EcrImageMetadata = Untrusted[Literal["tags", "inUseCount", "lastInUseAt"]]
# botocore.exceptions.ClientError.response
ErrorResponse = Untrusted[Literal["Error", "ResponseMetadata", "retryAfterSeconds", "fields"]]
ErrorDetail = Untrusted[Literal["Code", "Message"]]
AnswerMetadata = Untrusted[Literal["HTTPStatusCode", "HTTPHeaders"]]
AnswerHeaders = Untrusted[Literal["retry-after"]]
InvalidField = Untrusted[Literal["name", "message"]]  # of a ValidationException
Answer = Untrusted[Literal["findings", "coveredResources", "nextToken"]]


# What a chat's button, or a person, asks to ignore.
AskKey = Literal["repository", "vulnerabilityId", "reason", "days", "package", "askedBy"]
Ask = Untrusted[AskKey]


# ---- What starts an execution, and what a repository prefers ----


ByHandKey = Literal["repository", "imageTag", "imageDigest", "watchdog", "urgent"]
WatchdogSaid = Untrusted[Literal["reason", "imageTag", "pushedAt", "minutes"]]
UrgentSaid = Untrusted[Literal["id", "knownExploited", "others"]]


class RequestByHand(TypedDict):
    """What a person starts an execution with: exactly one of imageTag and imageDigest. Only the
    watchdog adds what it saw, and only the urgent path why it asks.
    """

    repository: str
    imageTag: NotRequired[str]
    imageDigest: NotRequired[str]
    watchdog: NotRequired["Watchdog"]
    urgent: NotRequired["Urgent"]


class Watchdog(TypedDict):
    """Why the watchdog asks for a brief. reason: why the image was not scanned, "" if it was.

    pushedAt: ISO 8601, UTC; minutes: how long was waited since. Both are None if the image's
    coverage changed instead.
    """

    reason: str
    imageTag: Optional[str]
    pushedAt: Optional[str]
    minutes: Optional[int]


class WatchdogRequest(TypedDict):
    """What the watchdog gives to the door, and the door to the brief."""

    repository: str
    imageDigest: str
    watchdog: Watchdog


class Urgent(TypedDict):
    """Why an image's brief is sent at once: a new finding. others: further ones, of other ids.

    knownExploited: False for one that is CRITICAL alone.
    """

    id: str
    knownExploited: bool
    others: int


class UrgentRequest(TypedDict):
    """What the urgent path starts a brief with."""

    repository: str
    imageDigest: str
    urgent: Urgent


class StatedPreferences(TypedDict, total=False):
    """What the stack states for one pattern of repository names."""

    language: str
    topFindings: int
    timeZone: str


class RouteRecipients(TypedDict, total=False):
    """Who receives the briefs of one pattern of repository names. to: places in a list of email
    addresses. The others: which briefs; see route.Route.
    """

    to: Required[list[int]]
    minimumSeverity: str
    knownExploitedOnly: bool


class GatheringRoutes(TypedDict):
    """What the stack states of its routes. addresses: a hash of the list of addresses, so that a
    place in it means the same address. routes: by pattern, the most specific first.
    """

    addresses: str
    routes: dict[str, RouteRecipients]


class Preferences(TypedDict):
    """What one repository prefers; None: the stack's own setting."""

    language: Optional[str]
    topFindings: Optional[int]
    timeZone: Optional[str]


# ---- The report: what the workflow knows of one scan ----

Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED", "OTHER"]
AnnouncedSeverity = Literal["CRITICAL", "HIGH", "MEDIUM"]
Fix = Literal["YES", "PARTIAL", "NO", "UNKNOWN"]
Settled = Literal["YES", "WAIT", "NO"]
Reachability = Literal["REACHABLE", "NOT_REACHABLE", "UNKNOWN"]
# Why not every vulnerability was looked up.
LookupFailure = Literal["DENIED", "THROTTLED", "OUT_OF_TIME", "FAILED"]
# Why the list of ignored findings was not applied: no file in the bundle, or not the one of synth.
IgnoreFailure = Literal["MISSING", "BROKEN", "MEMORY_LOST"]
# COMPARED: with the image that was briefed before. FIRST: there is none. OLDER: a newer scan was
# briefed already. AMBIGUOUS: an image without findings tells no platform, and the repository has
# several. UNREADABLE: the memory could not be read.
ChangesOutcome = Literal["COMPARED", "FIRST", "OLDER", "AMBIGUOUS", "UNREADABLE"]
# Why an empty list does not show that an image is clean. NO_COUNTS: the event announced no total.
# SCAN_NOT_COMPLETE: the status is not that of a completed scan. JUST_SCANNED: requested by hand,
# and Inspector scanned the image only seconds before. NOT_ALL_READ: the time to read ran out.
Doubt = Literal["NO_COUNTS", "SCAN_NOT_COMPLETE", "JUST_SCANNED", "NOT_ALL_READ"]


class CountsBySeverity(TypedDict):
    """Findings that Inspector lists. OTHER: severities that this code does not know, if any."""

    CRITICAL: int
    HIGH: int
    MEDIUM: int
    LOW: int
    INFORMATIONAL: int
    UNTRIAGED: int
    OTHER: NotRequired[int]


class AnnouncedCounts(TypedDict):
    """Findings that the scan event announced. TOTAL also counts LOW and the others."""

    CRITICAL: int
    HIGH: int
    MEDIUM: int
    TOTAL: NotRequired[int]


class Difference(TypedDict):
    """A severity, or TOTAL, that the event announced, and how many of it Inspector lists."""

    severity: Literal[AnnouncedSeverity, "TOTAL"]
    announced: int
    listed: int
    suppressed: int
    ignored: int


# RUNTIME: a language's runtime with its own tools, usually of the base image. SYSTEM: a package of
# the operating system. TOOL: a program that is installed as a whole. BINARY: a file that the
# package is compiled into. ARCHIVE: a file that contains it. PARENT: a package whose tree has it.
HolderKind = Literal["RUNTIME", "SYSTEM", "TOOL", "BINARY", "ARCHIVE", "PARENT"]


class Holder(TypedDict):
    """What brings the fix of a package that is part of it. name: "" for SYSTEM."""

    kind: HolderKind
    name: str


class Place(TypedDict):
    """Where a package is. path: Inspector's filePath, cut at the start. others: further places.

    holder: None for a package of its own.
    """

    path: str
    others: int
    holder: Optional[Holder]


class Package(TypedDict):
    """A vulnerable package. fixedIn, command: None if there is none.

    upgradeTo: the smallest version that no finding of the image says is vulnerable; None if there
    is none, or if the versions cannot be compared. subscription: the name of what this version
    needs. manager: Inspector's code of the package manager. place: None for packages of the
    operating system. A package that is part of something has no command of its own.
    """

    name: str
    installed: str
    fixedIn: Optional[str]
    upgradeTo: Optional[str]
    subscription: Optional[str]
    command: Optional[str]
    purl: Optional[str]
    manager: Optional[str]
    place: Optional[Place]


class Intelligence(TypedDict):
    """What Inspector's details say of a vulnerability. epss: a probability, 0 to 1.

    knownExploited: inCatalog (CISA's, with dateAdded and dueDate as 2022-04-28), or
    exploitObserved by Amazon, with firstSeen and lastSeen.
    """

    knownExploited: bool
    inCatalog: bool
    dateAdded: Optional[str]
    dueDate: Optional[str]
    exploitObserved: bool
    firstSeen: Optional[str]
    lastSeen: Optional[str]
    epss: Optional[float]
    cwes: list[str]


# An Intelligence that comes back from the memory.
Remembered = Untrusted[
    Literal[
        "knownExploited",
        "inCatalog",
        "dateAdded",
        "dueDate",
        "exploitObserved",
        "firstSeen",
        "lastSeen",
        "epss",
        "cwes",
    ]
]


class LookedUp(TypedDict):
    """Of how many findings the vulnerability was looked up, and of how many not. failure: why not;
    None if only the budget of calls was the limit.
    """

    findings: int
    left: int
    failure: Optional[LookupFailure]


class IgnoreEntry(TypedDict):
    """An entry of the list of ignored findings, as synth writes it into the bundle.

    ids: names of one vulnerability. images: package URLs of type oci; purls: of packages; paths:
    patterns; of each, one must match if there is any. until: ISO 8601, UTC. reason: "" without one.
    ignore: False for a later statement that takes an earlier one back. repositories: names,
    prefixes followed by *, or *, to whose images it applies.
    """

    ids: list[str]
    images: list[str]
    purls: list[str]
    paths: list[str]
    until: Optional[str]
    reason: str
    ignore: bool
    repositories: list[str]


class AskedEntry(TypedDict):
    """What IgnoreVulnerability was asked to ignore, and the memory keeps until then.

    id: of one vulnerability. package: a package URL; None for all. until: ISO 8601, UTC. askedBy:
    None if it was not said.
    """

    repository: str
    id: str
    package: Optional[str]
    reason: str
    until: str
    askedBy: Optional[str]


class WatchedRepositories(TypedDict):
    """The file in the bundle, if chats have buttons: names, prefixes followed by *, or *."""

    repositories: list[str]


class IgnoreList(TypedDict):
    """The file in the bundle."""

    entries: list[IgnoreEntry]


class LayerOwner(TypedDict):
    """Who fixes a layer, or the layers that images of some repositories have. One is not None.

    repository: a name, a prefix followed by *, or *.
    """

    owner: str
    layer: Optional[str]
    repository: Optional[str]


class LayerOwners(TypedDict):
    """The file in the bundle."""

    owners: list[LayerOwner]


class IgnoredGroup(TypedDict):
    """Findings of one vulnerability that have the same end and reason. until: ISO 8601, UTC.

    knownExploited: False also if the vulnerability was not looked up.
    """

    id: str
    findings: int
    knownExploited: bool
    until: Optional[str]
    reason: str


class Ignored(TypedDict):
    """Active findings that the list of the settings, or a chat, ignores; they count nowhere else.

    groups: the known exploited first, then the most severe; findingsOmitted: those of further
    groups. expired: entries that ended before the scan, whose findings count again. failure: why no
    entry was applied; MEMORY_LOST: those of chats were not. knownExploited, lookedUp: as in Report,
    of the ignored ones.
    """

    counts: CountsBySeverity
    total: int
    knownExploited: int
    lookedUp: Optional[LookedUp]
    groups: list[IgnoredGroup]
    findingsOmitted: int
    expired: list[IgnoredGroup]
    expiredOmitted: int
    failure: Optional[IgnoreFailure]


class Changes(TypedDict):
    """What changed since the image that was briefed before: digest and scannedAt are its.

    new, fixed, open: entries, each a vulnerability in a package in a place; 0 if not COMPARED.
    fixedNames: of some fixed ones, the most severe first. sameImage: it has the same digest.
    """

    outcome: ChangesOutcome
    sameImage: bool
    digest: Optional[str]
    scannedAt: Optional[str]
    new: int
    fixed: int
    open: int
    fixedNames: list[str]


class Mark(TypedDict):
    """A brief that the memory knows. line: platform and architecture, as DEBIAN_12/arm64.

    findings: the key of its findings in the memory, which are in so many parts.
    """

    repository: str
    line: str
    digest: str
    scannedAt: str
    findings: str
    parts: int


class Cvss(TypedDict):
    """A CVSS base score, 0 to 10, with its vector and the version of CVSS."""

    baseScore: float
    vector: Optional[str]
    version: Optional[str]


class FindingSummary(TypedDict):
    """What a report keeps of a finding. score: 0 to 10; epss: a probability, 0 to 1.

    cvss: the best base score, None without one. lastExploitAt, firstObservedAt: ISO 8601, UTC.
    reachabilityReason: Inspector's code.

    isNew: compared with the image that was briefed before; None if they were not compared.

    intelligence: None if the vulnerability was not looked up. reachability: of the packages, the
    one that matters most.

    title: in English, at most 80 characters, from Inspector's title or description.
    """

    id: str
    title: Optional[str]
    severity: Severity
    score: Optional[float]
    cvss: Optional[Cvss]
    epss: Optional[float]
    exploitAvailable: bool
    lastExploitAt: Optional[str]
    intelligence: Optional[Intelligence]
    reachability: Reachability
    reachabilityReason: Optional[str]
    fix: Fix
    firstObservedAt: Optional[str]
    packages: list[Package]
    packagesOmitted: int
    findingArn: str
    isNew: Optional[bool]


# PACKAGE: a package of its own. OS: the packages of the operating system.
UpgradeKind = Literal["PACKAGE", "OS", "RUNTIME", "TOOL", "BINARY", "ARCHIVE", "PARENT"]


class PackageVersion(TypedDict):
    """A package and what to upgrade it to: see Package.upgradeTo."""

    name: str
    version: Optional[str]


class Upgrade(TypedDict):
    """One thing to do. name: of the package, or of what holds the packages; "" for OS.

    packages: what comes with it, those with the most findings first. findings, knownExploited,
    riskShare (0 to 1): what it closes besides the upgrades before it. knownExploitedIds: at most 5.
    subscription: the name of what some of the versions need; subscriptionFindings: how many of the
    closed findings need it.
    """

    kind: UpgradeKind
    name: str
    packages: list[PackageVersion]
    packagesOmitted: int
    findings: int
    knownExploited: int
    knownExploitedIds: list[str]
    riskShare: float
    subscription: Optional[str]
    subscriptionFindings: int


class Plan(TypedDict):
    """The upgrades, at most 5, that close the most risk. A finding is closed if all its packages
    are upgraded.

    findings, knownExploited, riskShare: what they close together. left: the findings that further
    upgrades close; withoutFix: those that no upgrade closes.
    """

    upgrades: list[Upgrade]
    findings: int
    knownExploited: int
    riskShare: float
    left: int
    withoutFix: int


class Scan(TypedDict):
    """status: Inspector's code. scannedAt: ISO 8601, UTC."""

    status: Optional[str]
    scannedAt: Optional[str]
    byHand: bool


class Image(TypedDict):
    """The scanned image. digest: sha256:… platform, architecture: Inspector's codes, as DEBIAN_12
    and arm64, which only findings have, as inUseCount (tasks and pods) and lastInUseAt (ISO 8601,
    UTC).
    """

    repository: str
    repositoryArn: str
    digest: str
    tags: list[str]
    tagsOmitted: int
    account: str
    region: str
    partition: str
    platform: Optional[str]
    architecture: Optional[str]
    inUseCount: Optional[int]
    lastInUseAt: Optional[str]


class Layer(TypedDict):
    """A layer of the image, and the findings with a package in it. hash: sha256:…

    sharedBy: how many other repositories of the account have it; repositories: some of them. owner:
    whom the settings name; None without one.
    """

    hash: str
    findings: int
    sharedBy: int
    repositories: list[str]
    owner: Optional[str]


class Layers(TypedDict):
    """Which layers bring the findings. listed: the most findings first; omitted: further layers.

    sharedFindings: with a package in a layer that another repository has; ownFindings: all their
    layers are in this repository alone. The other findings name no layer, or one that is omitted.
    failure: why it is not known who has the layers, which then all have sharedBy 0. partial: more
    repositories may have them.
    """

    listed: list[Layer]
    omitted: int
    sharedFindings: int
    ownFindings: int
    partial: bool
    failure: Optional[LookupFailure]


class Cluster(TypedDict):
    """Where an image runs, or ran. service: ECS or EKS. running: tasks or pods.

    lastInUse: ISO 8601, UTC.
    """

    service: str
    name: str
    running: Optional[int]
    lastInUse: Optional[str]


class Clusters(TypedDict):
    """listed: the last used first. failure: why they are not known."""

    listed: list[Cluster]
    omitted: int
    failure: Optional[LookupFailure]


class Report(TypedDict):
    """What the workflow knows of one scan, at most limits.REPORT_BYTES as JSON.

    urgent: None unless a new finding is why the brief is sent at once.
    counts, total, exploitable and fixable are of active findings, each counted once. exploitable,
    fixable: None in a report of 0.2.0 or older, see findings.older.
    knownExploited: of those that were looked up; criticalKnownExploited: those of them that are
    CRITICAL, which is not published. lookedUp: None if no lookup was made.
    partlyFixable: the fixable ones with a fix for some packages only; subscriptionOnly: those whose
    fixed versions all need a subscription. suppressed: those that the account's
    suppression rules hide; None if they were not asked for. ignored: those that the settings' own
    list hides, which count nowhere else; None without a list. layers, clusters: None if they were
    not asked for, or no finding names a layer. complete: False if the time to read ran out before
    the last page. unconfirmed: None if there is no doubt. changes: None without a memory, or if not
    every finding is listed. remember: for RememberBrief; None in what is published.
    """

    scan: Scan
    image: Image
    urgent: Optional[Urgent]
    counts: CountsBySeverity
    total: int
    knownExploited: int
    criticalKnownExploited: int
    exploitable: Optional[int]
    fixable: Optional[int]
    partlyFixable: int
    subscriptionOnly: int
    lookedUp: Optional[LookedUp]
    layers: Optional[Layers]
    clusters: Optional[Clusters]
    suppressed: Optional[CountsBySeverity]
    ignored: Optional[Ignored]
    announced: Optional[AnnouncedCounts]
    complete: bool
    settled: Settled
    unconfirmed: Optional[Doubt]
    attempt: int
    waitSeconds: int
    plan: Plan
    topFindings: list[FindingSummary]
    topFindingsOmitted: int
    changes: Optional[Changes]
    remember: Optional[Mark]


class Notice(TypedDict):
    """Instead of a report: an image that was not scanned. reason: a code of scan.reasons.

    pushedAt, minutes: see Watchdog.
    """

    notice: Literal["NOT_SCANNED", "SCANNING_OFF"]
    image: Image
    reason: str
    pushedAt: Optional[str]
    minutes: Optional[int]


# ---- A summary of many briefs, and the digest ----

Kind = Literal["CLEAR", "FINDINGS", "UNCONFIRMED"]
NoticeKind = Literal["NOT_SCANNED", "SCANNING_OFF"]
GatheredKind = Literal[Kind, NoticeKind]
SummaryKind = Literal["SUMMARY", "DIGEST"]
WorstSeverity = Literal[Severity, "NONE", "UNKNOWN"]


class BriefedImage(TypedDict):
    """An image in a summary or a digest. tag: one of its tags, which has so many more."""

    repository: str
    digest: str
    tag: Optional[str]
    tagsOmitted: int
    architecture: Optional[str]


class GatheredImage(BriefedImage):
    """An image whose brief was gathered. notScanned: Inspector's reason, and then it has no counts.

    counts, total, knownExploited: as in its report.
    """

    kind: GatheredKind
    severity: WorstSeverity
    counts: CountsBySeverity
    total: int
    knownExploited: int
    notScanned: Optional[str]


class Gathered(TypedDict):
    """What a brief leaves for a summary, should it be gathered. arn: the repository's.

    upgrades: of the image's plan.
    """

    image: GatheredImage
    arn: str
    upgrades: list[Upgrade]


class SharedUpgrade(Upgrade):
    """An upgrade that several images need. images: how many; findings and knownExploited: in all of
    them. riskShare: 0, since shares of different images do not add up.
    """

    images: int


class OmittedImages(TypedDict):
    """Images of one repository that a summary or a digest has no room to name."""

    repository: str
    images: int


class RegistryNames(TypedDict):
    """Where the images of a summary or a digest are."""

    account: str
    region: str
    partition: str


class Summary(RegistryNames):
    """What briefs a window gathered. Its message has at most limits.SUMMARY_BYTES as JSON.

    summary: the window's id. startedAt, endedAt: ISO 8601, UTC. limit: how many briefs of a window
    are sent by themselves. arns: of the repositories, or of prefixes of them, for the attribute.
    images: the known exploited first, then the most severe. total: of all images, also the omitted
    ones; findings, counts and knownExploited: in all of them. attacked: how many images have a
    known-exploited finding. upgrades: those that serve most images first.
    """

    summary: str
    startedAt: str
    endedAt: str
    limit: int
    arns: list[str]
    images: list[GatheredImage]
    imagesOmitted: list[OmittedImages]
    total: int
    findings: int
    counts: CountsBySeverity
    knownExploited: int
    attacked: int
    notScanned: int
    upgrades: list[SharedUpgrade]
    upgradesOmitted: int


class DigestGroup(TypedDict):
    """New findings in one repository that one upgrade closes. upgrade: None if none has a fix.

    ids: names of the first ones as briefs rank them. severity: the worst one. inUse: whether an
    image of them runs.
    """

    repository: str
    upgrade: Optional[Upgrade]
    findings: int
    knownExploited: int
    severity: WorstSeverity
    inUse: bool
    ids: list[str]
    idsOmitted: int
    images: list[BriefedImage]
    imagesOmitted: int


class FixArrived(TypedDict):
    """A finding that could not be fixed at the time of the last digest, and now can."""

    repository: str
    id: str
    severity: Severity
    package: str
    fixedIn: Optional[str]
    images: int


class Overdue(TypedDict):
    """A known-exploited vulnerability after its date in CISA's catalog, such as 2022-04-28."""

    id: str
    dueDate: str
    repositories: list[str]
    repositoriesOmitted: int
    images: int


class UnwatchedImage(BriefedImage):
    """An image that Inspector does not scan, or no longer. reason: Inspector's code.

    lastScannedAt: ISO 8601, UTC.
    """

    reason: str
    lastScannedAt: Optional[str]


class HeldBack(TypedDict):
    """An urgent finding that the hourly cap kept for the digest."""

    id: str
    severity: Severity
    knownExploited: bool
    image: BriefedImage


# A HeldBack that comes back from the memory.
HeldSaid = Untrusted[Literal["id", "severity", "knownExploited", "image"]]
BriefedSaid = Untrusted[Literal["repository", "digest", "tag", "tagsOmitted", "architecture"]]


class DigestWindow(TypedDict):
    """Up to when digests were about which repositories. routes: names, or prefixes followed by *,
    of those that were; others: of those among them that were not.
    """

    until: str
    routes: list[str]
    others: list[str]


class DigestMark(TypedDict):
    """What RememberDigest keeps. window: until is where the next one begins. started: where this
    one began, as the memory has it; None at first. past: earlier windows with other routes.
    unfixed: the key of the findings without a fix in the memory, which are in so many parts.
    fellOut: marks of the images that are out of watch, which the next digest does not call new.
    held: that the digest has what the urgent path held back, which is then taken away.
    """

    audience: str
    started: Optional[str]
    window: DigestWindow
    past: list[DigestWindow]
    fellOut: list[str]
    unfixed: Optional[str]
    parts: int
    held: NotRequired[bool]


class Digest(RegistryNames):
    """What changed on the watched images since the last digest, at most limits.REPORT_BYTES.

    digest: an id, the same for the same window. since: where the last one ended; until: where this
    one ends. memoryLost: why `since` is only the schedule's. repositories, images: how many have
    new findings. total, counts, knownExploited: of these. allQuiet: nothing is new, and the
    settings ask for a message all the same. complete: False if not every finding could be read.
    """

    digest: str
    since: str
    until: str
    memoryLost: Optional[str]
    arns: list[str]
    repositories: int
    images: int
    counts: CountsBySeverity
    total: int
    knownExploited: int
    lookedUp: Optional[LookedUp]
    complete: bool
    allQuiet: bool
    groups: list[DigestGroup]
    groupsOmitted: int
    findingsOmitted: int
    fixes: list[FixArrived]
    fixesOmitted: int
    overdue: list[Overdue]
    overdueOmitted: int
    fellOut: list[UnwatchedImage]
    fellOutOmitted: int
    unscanned: list[UnwatchedImage]
    unscannedOmitted: int
    heldBack: list[HeldBack]
    heldBackOmitted: int
    remember: Optional[DigestMark]


# ---- The functions: what each state gives them and gets, and what they log ----


class FetchPayload(TypedDict):
    """To FetchFindings. attempt: from 1; preferences: JSON, see preferences.find_preferences."""

    request: object
    attempt: int
    preferences: str


class Refusal(TypedDict):
    """Why there is no report, which is no error of the function. cause: at most 1,000 characters.

    UnreadableEvent: Inspector's own event, which still gets a fallback brief. The others are a
    person's mistakes.
    """

    error: Literal["InvalidRequest", "UnreadableEvent", "ImageNotScanned"]
    cause: str


class FetchResult(TypedDict):
    """From FetchFindings: exactly one of the two is not None."""

    report: Union[Report, Notice, None]
    refusal: Optional[Refusal]


class IgnoreResult(TypedDict):
    """From IgnoreVulnerability: exactly one of ignored and refused is not None.

    message: the same in a sentence, for the person in the chat.
    """

    message: str
    ignored: Optional[AskedEntry]
    refused: Optional[Refusal]


class WatchPayload(TypedDict):
    """To FindUnscanned. event: "ECR Image Action" or "Inspector2 Coverage"."""

    event: object


class WatchResult(TypedDict):
    """From FindUnscanned. request: None if nothing is to be reported; why: what was found."""

    request: Optional[WatchdogRequest]
    why: str


# AWS Lambda Developer Guide, "Using Lambda with Amazon SQS".
QueueEvent = Untrusted[Literal["Records"]]
QueueRecord = Untrusted[Literal["messageId", "body", "attributes"]]
QueueAttributes = Untrusted[Literal["ApproximateReceiveCount"]]


class FailedItem(TypedDict):
    """A message that is to be delivered again."""

    itemIdentifier: str


class QueueResult(TypedDict):
    """From FindUrgent."""

    batchItemFailures: list[FailedItem]


class Audience(TypedDict):
    """Who receives a digest together. routes: names of repositories, or prefixes followed by *."""

    routes: list[str]
    language: str
    timeZone: str


class GatherPayload(TypedDict):
    """To GatherDigest. audiences: a JSON object of Audience by id. audience: one of them.
    scheduledAt: when the schedule started it, ISO 8601; None by hand. execution: its ARN.
    """

    audiences: str
    audience: object
    scheduledAt: object
    execution: str


class GatherResult(TypedDict):
    """From GatherDigest. digest: None if there is none; why: what was found. preferences: for
    FormatMessage. remember: None if the memory stays as it is.
    """

    digest: Optional[Digest]
    why: str
    preferences: str
    remember: Optional[DigestMark]


class RememberDigestPayload(TypedDict):
    """To RememberDigest."""

    remember: DigestMark


class BriefInput(TypedDict):
    """What a brief is made of, and what the paths of fields.json lead into."""

    request: object
    report: Report


class NoticeInput(TypedDict):
    """The same of a notice."""

    request: object
    report: Notice


class FormatPayload(TypedDict):
    """To FormatMessage. preferences: of repositories; of a digest's readers under *."""

    request: object
    report: Union[Report, Notice, Digest]
    preferences: str


class SentBrief(Protocol):
    """What RememberBrief reads of a Brief."""

    def get(self, key: Literal["remember"], /) -> Optional[Mark]:
        """None if the brief has none."""


class RememberPayload(TypedDict):
    """To RememberBrief. brief: what FormatMessage returned; old code returns it without a mark."""

    request: object
    brief: SentBrief


class RememberResult(TypedDict):
    """From RememberBrief. moved: whether the memory now has the brief."""

    moved: bool


class GatherBriefPayload(TypedDict):
    """To GatherBrief. id: the name of the brief's execution. routes: JSON, GatheringRoutes.
    stateMachine: the ARN of the one that sends summaries.
    """

    request: object
    id: str
    gather: Gathered
    attributes: "MessageAttributes"
    preferences: str
    routes: str
    stateMachine: str


class GatherBriefResult(TypedDict):
    """From GatherBrief. YES: a summary reports the brief, which has no mail of its own."""

    gathered: Literal["YES", "NO"]


class Window(TypedDict):
    """What the summary machine starts with. window: its id. startedAt, endsAt: ISO 8601, UTC.

    limit: how many briefs are sent by themselves. repository: that of the first gathered brief,
    whose recipients are those of all.
    """

    window: str
    startedAt: str
    endsAt: str
    limit: int
    repository: str
    language: Optional[str]
    timeZone: Optional[str]


class SummaryPayload(TypedDict):
    """To GatherSummary."""

    window: Window
    routes: str


class LogFacts(TypedDict, total=False):
    """What a log line may add. error: the name of a class. image: no other artifact was pushed.

    pushAgeSeconds: from the push to the answer. Metric filters read these two. findings, started,
    held, failed: of a batch of finding events. severity, counts, knownExploited: of a brief, and
    secondsFromScan: from the scan event's time until the brief was sent. The dashboard's queries
    read these.
    """

    error: str
    total: int
    settled: Settled
    attempt: int
    kind: Union[Kind, NoticeKind, SummaryKind]
    severity: WorstSeverity
    counts: CountsBySeverity
    knownExploited: int
    secondsFromScan: int
    language: str
    moved: bool
    why: str
    reported: bool
    image: bool
    pushAgeSeconds: int
    findings: int
    started: int
    held: int
    failed: int
    gathered: int
    window: str


class LogLine(LogFacts):
    """What every log line has. request: the scan event's id, or log.BY_HAND.

    repository, digest: log.UNKNOWN until they are known: Lambda's format drops what is None.
    """

    request: str
    repository: str
    digest: str


# ---- The brief ----

# A text for each protocol of Amazon SNS. JSON: a ChatMessage in https, a BriefDocument in sqs and
# lambda.
BriefMessage = TypedDict(
    "BriefMessage", {"default": str, "email": str, "https": str, "sqs": str, "lambda": str}
)


class MessageAttributes(TypedDict):
    """What subscriptions can filter by.

    repository, repositoryArn: of a SUMMARY or DIGEST, JSON of a list, for the type String.Array.
    """

    kind: Union[Kind, NoticeKind, SummaryKind]
    severity: WorstSeverity
    total: str
    knownExploited: str
    repository: str
    repositoryArn: str


class Brief(TypedDict):
    """From FormatMessage: one publish, at most limits.BRIEF_BYTES as JSON. remember: the report's,
    for RememberBrief, or the digest's. Of a summary: at most limits.SUMMARY_BYTES.
    """

    subject: str
    message: BriefMessage
    attributes: MessageAttributes
    remember: Union[Mark, DigestMark, None]


class FormatResult(Brief):
    """From FormatMessage. gather: for GatherBrief; None if the brief is sent by itself anyway."""

    gather: Optional[Gathered]


class SummaryResult(TypedDict):
    """From GatherSummary. brief: None if nothing was gathered. gathered: how many briefs."""

    brief: Optional[Brief]
    gathered: int


class ChatContent(TypedDict):
    """What Slack or Teams show."""

    textType: Literal["client-markdown"]
    title: str
    description: str
    keywords: NotRequired[list[str]]
    nextSteps: NotRequired[list[str]]


class ChatContext(TypedDict):
    """What the buttons of a card need. notifier: the CHAT_BUTTONS of its stack.

    vulnerabilityId: of the first finding, if there is one.
    """

    notifier: str
    repository: str
    imageDigest: str
    vulnerabilityId: NotRequired[str]


class ChatMetadata(TypedDict):
    """threadId: messages with the same one are in one thread."""

    threadId: str
    summary: str
    additionalContext: NotRequired[ChatContext]


class ChatMessage(TypedDict):
    """Amazon Q Developer in chat applications, "custom notifications", content schema."""

    version: Literal["1.0"]
    source: Literal["custom"]
    content: ChatContent
    metadata: NotRequired[ChatMetadata]


# ---- The document: what queues and functions receive ----
#
# A published contract: docs/report.schema.json is made of these shapes, and docs/report.md says
# which changes need which schemaVersion. An Optional member is left out of the JSON if it is None.
# Names are those of OCSF's Vulnerability Finding, or else Amazon Inspector's, or else ours. Times
# are ISO 8601, UTC.

SchemaVersion = Literal["1.0"]


class CloudAccount(TypedDict):
    """uid: 12 digits."""

    uid: str


class Cloud(TypedDict):
    """Where the image is. cloudPartition: such as aws or aws-cn."""

    provider: Literal["AWS"]
    account: CloudAccount
    region: str
    cloudPartition: str


class ImageResource(TypedDict):
    """The scanned image. uid: Inspector's resource id. name: of the repository.

    platform, architecture: Inspector's codes. inUseCount: tasks and pods that run it.
    """

    uid: str
    type: Literal["AWS_ECR_CONTAINER_IMAGE"]
    name: str
    repositoryArn: str
    imageDigest: str
    imageTags: list[str]
    imageTagsOmitted: int
    platform: Optional[str]
    architecture: Optional[str]
    inUseCount: Optional[int]
    lastInUseTime: Optional[str]


class ScanFacts(TypedDict):
    """status: Inspector's code. isRequestedByHand: a person asked for this brief."""

    status: Optional[str]
    time: Optional[str]
    isRequestedByHand: bool


class SeverityCounts(TypedDict):
    """Findings by severity. OTHER: of severities that are none of these. TOTAL: of all."""

    CRITICAL: int
    HIGH: int
    MEDIUM: int
    LOW: int
    INFORMATIONAL: int
    UNTRIAGED: int
    OTHER: Optional[int]
    TOTAL: int


class EventCountsStated(TypedDict):
    """The severities that a scan event counts. TOTAL, if the event has one, includes LOW and the
    others, and is at least the sum.
    """

    CRITICAL: int
    HIGH: int
    MEDIUM: int
    TOTAL: Optional[int]


class ReconciledCounts(TypedDict):
    """For each severity of announced, and for its TOTAL, listed + suppressed + ignored + notListed
    = announced + unannounced, and one of notListed and unannounced is 0.

    announced, notListed, unannounced: if the scan event has counts. suppressed: if they were asked
    for. ignored: if there is a list of ignored findings.
    """

    announced: Optional[EventCountsStated]
    listed: SeverityCounts
    suppressed: Optional[SeverityCounts]
    ignored: Optional[SeverityCounts]
    notListed: Optional[EventCountsStated]
    unannounced: Optional[EventCountsStated]


class IgnoredFindings(TypedDict):
    """Findings that the list of the settings ignores: those of counts.ignored.

    groups: the known exploited first, then the most severe; findingsOmitted: those of further
    groups. expired: entries that ended before the scan, whose findings count again. failure: why no
    entry was applied.
    """

    knownExploited: int
    lookedUp: Optional[LookedUp]
    groups: list[IgnoredGroup]
    findingsOmitted: int
    expired: list[IgnoredGroup]
    expiredOmitted: int
    failure: Optional[IgnoreFailure]


class ChangesSince(TypedDict):
    """What changed since the image that was briefed before. All but outcome: if it is COMPARED.

    imageDigest, time: of the image before. new, fixed, open: entries, each a vulnerability in a
    package in a place. fixedNames: of some fixed ones, the most severe first.
    """

    outcome: ChangesOutcome
    isSameImage: Optional[bool]
    imageDigest: Optional[str]
    time: Optional[str]
    new: Optional[int]
    fixed: Optional[int]
    open: Optional[int]
    fixedNames: Optional[list[str]]


class FindingInfo(TypedDict):
    """uid: the ARN of Inspector's finding."""

    uid: str
    firstSeenTime: Optional[str]


class CvssScoreStated(TypedDict):
    """baseScore: 0 to 10. version: of CVSS."""

    baseScore: float
    vectorString: Optional[str]
    version: Optional[str]


class EpssScore(TypedDict):
    """score: the probability of exploitation within 30 days, 0 to 1."""

    score: float


class Cwe(TypedDict):
    """uid: such as CWE-79."""

    uid: str


class Cve(TypedDict):
    """uid: the vulnerability's id, also one that is no CVE. cvss: the best base score.

    relatedCwes: at most 3, if the vulnerability was looked up.
    """

    uid: str
    cvss: list[CvssScoreStated]
    epss: Optional[EpssScore]
    relatedCwes: Optional[list[Cwe]]


class CisaKnownExploited(TypedDict):
    """An entry in CISA's catalog of known exploited vulnerabilities. Days, as 2022-04-28."""

    dateAdded: Optional[str]
    dateDue: Optional[str]


class ObservedExploitation(TypedDict):
    """Amazon observed an exploit. Days, as 2022-04-28."""

    firstSeen: Optional[str]
    lastSeen: Optional[str]


class Remediation(TypedDict):
    """desc: a command or a sentence."""

    desc: str


class AffectedPackage(TypedDict):
    """version: the installed one. fixedInVersion: what fixes this finding. upgradeToVersion: the
    smallest that no finding of the image says is vulnerable. subscription: the name of what it
    needs. packageManager: Inspector's code. path: none for packages of the operating system.
    otherPaths: how many further places it is in, if any. partOf: what brings its fix.
    """

    name: str
    version: str
    fixedInVersion: Optional[str]
    upgradeToVersion: Optional[str]
    subscription: Optional[str]
    packageManager: Optional[str]
    purl: Optional[str]
    path: Optional[str]
    otherPaths: Optional[int]
    partOf: Optional[Holder]
    remediation: Optional[Remediation]


class Vulnerability(TypedDict):
    """A finding among the first to fix. score: Inspector's, or else the best CVSS base score.

    isKnownExploited: if the vulnerability was looked up; cisaData, exploitObserved: why it is.
    reachability, isFixAvailable: if Inspector says so; fixCoverage: if only some packages have a
    fix. isNew: if the image was compared with the one before. affectedPackagesOmitted: how many
    more there are, if any.
    """

    findingInfo: FindingInfo
    title: Optional[str]
    severity: Severity
    score: Optional[float]
    cve: Cve
    isKnownExploited: Optional[bool]
    cisaData: Optional[CisaKnownExploited]
    exploitObserved: Optional[ObservedExploitation]
    isExploitAvailable: bool
    exploitLastSeenTime: Optional[str]
    reachability: Optional[Literal["REACHABLE", "NOT_REACHABLE"]]
    reachabilityReason: Optional[str]
    isFixAvailable: Optional[bool]
    fixCoverage: Optional[Literal["PARTIAL"]]
    isNew: Optional[bool]
    affectedPackages: list[AffectedPackage]
    affectedPackagesOmitted: Optional[int]


class BriefDocument(TypedDict):
    """The brief of a scan. kind, severity and total are those of the message attributes.

    id: the same for every message about the same scan of an image. urgent: the new finding because
    of which the brief is sent at once. total: active findings that are
    listed. knownExploited, exploitAvailable, fixAvailable, subscriptionOnly: how many of them.
    lookedUp, layers, clusters, changes, ignored: if that is known. isSettled: nothing that was
    announced is missing. isComplete: every page was read. vulnerabilities: what to fix first, in
    order; vulnerabilitiesOmitted: those that did not fit.
    """

    schemaVersion: SchemaVersion
    kind: Kind
    id: str
    urgent: Optional[Urgent]
    severity: Literal[Severity, "NONE", "UNKNOWN"]
    total: int
    scan: ScanFacts
    cloud: Cloud
    resource: ImageResource
    isSettled: bool
    isComplete: bool
    unconfirmed: Optional[Doubt]
    counts: ReconciledCounts
    knownExploited: int
    exploitAvailable: Optional[int]
    fixAvailable: Optional[int]
    subscriptionOnly: int
    lookedUp: Optional[LookedUp]
    changes: Optional[ChangesSince]
    plan: Plan
    layers: Optional[Layers]
    clusters: Optional[Clusters]
    ignored: Optional[IgnoredFindings]
    vulnerabilities: list[Vulnerability]
    vulnerabilitiesOmitted: int


class PartialCounts(TypedDict):
    """The counts of a scan event that could be read."""

    CRITICAL: Optional[int]
    HIGH: Optional[int]
    MEDIUM: Optional[int]
    TOTAL: Optional[int]


class FallbackCounts(TypedDict):
    """announced: the counts that the scan event has."""

    announced: PartialCounts


class FallbackResource(TypedDict):
    """What the request says of the image; name: "?" if it names no repository."""

    type: Literal["AWS_ECR_CONTAINER_IMAGE"]
    name: str
    repositoryArn: str
    imageDigest: Optional[str]
    imageTags: list[str]
    imageTagsOmitted: int


class Failure(TypedDict):
    """Why there is no brief. error: its name. cause: its first line, cut. execution: the ARN of the
    execution that failed.
    """

    error: str
    cause: str
    execution: str


class FallbackDocument(TypedDict):
    """What is sent if the findings could not be retrieved or sent. id: as in BriefDocument, of a
    scan event whose image and time can be read. request: by hand, as it was or as a cut text.
    """

    schemaVersion: SchemaVersion
    kind: Literal["DETAILS_UNAVAILABLE"]
    id: Optional[str]
    resource: FallbackResource
    counts: Optional[FallbackCounts]
    failure: Failure
    request: Optional[object]


class NoticeDocument(TypedDict):
    """What is sent if an image was not scanned. reason: Inspector's code, or NOT_KNOWN, NOT_COVERED
    or SCANNING_OFF. pushTime, waitedMinutes: see Watchdog.
    """

    schemaVersion: SchemaVersion
    kind: NoticeKind
    id: str
    cloud: Cloud
    resource: ImageResource
    reason: str
    pushTime: Optional[str]
    waitedMinutes: Optional[int]


class NamedResource(TypedDict):
    """An image in a summary or a digest. name: of the repository. imageTag: one of its tags, which
    has imageTagsOmitted more.
    """

    name: str
    imageDigest: str
    imageTag: Optional[str]
    imageTagsOmitted: int
    architecture: Optional[str]


class GatheredResource(NamedResource):
    """An image whose brief is in a summary. kind, severity and total: of that brief.

    reason: of an image that was not scanned, as in NoticeDocument.
    """

    kind: GatheredKind
    severity: WorstSeverity
    total: int
    knownExploited: int
    reason: Optional[str]


class SummaryDocument(TypedDict):
    """What briefs of a window, beyond briefLimit, say together. id: the window's.

    imageCount: resources and resourcesOmitted. total, counts and knownExploited: findings of all
    these images. knownExploitedImages: how many images have a known-exploited finding. notScanned:
    how many were not scanned. resources: the known exploited first, then the most severe. upgrades:
    those that serve most images first.
    """

    schemaVersion: SchemaVersion
    kind: Literal["SUMMARY"]
    id: str
    severity: WorstSeverity
    total: int
    cloud: Cloud
    startTime: str
    endTime: str
    briefLimit: int
    imageCount: int
    knownExploitedImages: int
    notScanned: int
    counts: SeverityCounts
    knownExploited: int
    upgrades: list[SharedUpgrade]
    upgradesOmitted: int
    resources: list[GatheredResource]
    resourcesOmitted: int


class CveName(TypedDict):
    """uid: the vulnerability's id, also one that is no CVE."""

    uid: str


class NamedVulnerability(TypedDict):
    """A vulnerability of which a digest says no more."""

    cve: CveName


class NewFindings(TypedDict):
    """New findings in one repository that one upgrade closes, or without a fix. total: how many.

    isInUse: an image of them runs. vulnerabilities: the first ones, in the order of a brief.
    """

    name: str
    upgrade: Optional[Upgrade]
    total: int
    knownExploited: int
    severity: WorstSeverity
    isInUse: bool
    vulnerabilities: list[NamedVulnerability]
    vulnerabilitiesOmitted: int
    resources: list[NamedResource]
    resourcesOmitted: int


class FixedPackage(TypedDict):
    """A package and the version that fixes a finding."""

    name: str
    fixedInVersion: Optional[str]


class NewFix(NamedVulnerability):
    """A finding without a fix at the time of the last digest, which has one now. name: of the
    repository; imageCount: images in it.
    """

    name: str
    severity: Severity
    affectedPackage: FixedPackage
    imageCount: int


class OverdueVulnerability(NamedVulnerability):
    """After the date by which CISA wants it fixed. names: of repositories."""

    cisaData: CisaKnownExploited
    names: list[str]
    namesOmitted: int
    imageCount: int


class UnscannedResource(NamedResource):
    """An image that Inspector does not scan. reason: as in NoticeDocument."""

    reason: str
    lastScanTime: Optional[str]


class HeldBackFinding(NamedVulnerability):
    """A finding that was urgent, and that the hourly cap kept for the digest."""

    severity: Severity
    isKnownExploited: bool
    resource: NamedResource


class DigestDocument(TypedDict):
    """What changed from startTime, the end of the last digest, to endTime. id: of this time.

    repositoryCount, imageCount: those that have new findings. severity, total, counts,
    knownExploited, lookedUp: of the new findings. total: those of the groups, and
    findingsOmitted. memoryLost: why startTime is only the schedule's. isComplete: every finding
    was read. isAllQuiet: nothing is new. noLongerScanned, notScanned: images that fell out of
    watch since the last digest, and those that Inspector did not scan.
    """

    schemaVersion: SchemaVersion
    kind: Literal["DIGEST"]
    id: str
    severity: WorstSeverity
    total: int
    cloud: Cloud
    startTime: str
    endTime: str
    memoryLost: Optional[str]
    isComplete: bool
    isAllQuiet: bool
    repositoryCount: int
    imageCount: int
    counts: SeverityCounts
    knownExploited: int
    lookedUp: Optional[LookedUp]
    groups: list[NewFindings]
    groupsOmitted: int
    findingsOmitted: int
    fixes: list[NewFix]
    fixesOmitted: int
    overdue: list[OverdueVulnerability]
    overdueOmitted: int
    noLongerScanned: list[UnscannedResource]
    noLongerScannedOmitted: int
    notScanned: list[UnscannedResource]
    notScannedOmitted: int
    heldBack: list[HeldBackFinding]
    heldBackOmitted: int


# ---- Templates: the names they may print, and the files next to them ----


class CountView(TypedDict):
    """A severity's word and its count."""

    word: str
    count: int


class WorstView(CountView):
    """The highest severity; count is the greater of the two others, announced 0 if it agrees."""

    listed: int
    announced: int


class DifferenceView(TypedDict):
    """A row of the table of what was announced and what is listed; word: a severity's or Total."""

    word: str
    announced: int
    listed: int
    suppressed: int
    ignored: int


class IgnoredView(TypedDict):
    """Ignored findings of one vulnerability. until: a date, "" without an end; reason: or ""."""

    id: str
    count: int
    known_exploited: bool
    until: str
    reason: str


class RemedyView(TypedDict):
    """What fixes a finding. command: whether it can be copied to a shell.

    also: the numbers of the other findings that are shown and that it fixes too.
    """

    text: str
    command: bool
    also: list[int]


class FindingView(TypedDict):
    """A finding in words; title and score are "" if there is none.

    remedies: those that no earlier finding has. same_as: the numbers of the earlier findings whose
    remedies fix this one too.
    """

    number: int
    id: str
    title: str
    severity: str
    score: str
    packages: list[Package]
    packages_omitted: int
    remedies: list[RemedyView]
    same_as: list[int]
    commands: list[str]
    why: str
    is_new: bool


class ChangesView(TypedDict):
    """Report's changes. note: a sentence if nothing was compared, else "". since: the time of the
    scan before; fixed_more: fixed entries that are not named.
    """

    note: str
    same_image: bool
    since: str
    new: int
    fixed: int
    open: int
    fixed_names: list[str]
    fixed_more: int


class UpgradeView(TypedDict):
    """An upgrade in words. text: what to upgrade; effect: what it closes; share: of the risk, as
    12.3%.

    findings: those that it closes besides the upgrades before it.
    """

    number: int
    text: str
    findings: int
    known_exploited: int
    share: str
    effect: str


class EndOfSupport(TypedDict):
    """An operating system that its vendor no longer supported. date: ISO 8601."""

    system: str
    date: str


class LayerView(TypedDict):
    """A layer that other repositories have. hash: 12 characters; more: of shared_by, not named.

    owner: whom the settings name, or "".
    """

    hash: str
    findings: int
    shared_by: int
    repositories: list[str]
    more: int
    owner: str


class LayersView(TypedDict):
    """shared: the most findings first. own_findings: of layers that only this repository has.

    failure: why it is not known who has the layers, in words; "" if it is. step: what to ask the
    owner of the first layer that has one; "" without one.
    """

    shared: list[LayerView]
    shared_findings: int
    own_findings: int
    partial: bool
    failure: str
    step: str


class IgnoreNames(TypedDict):
    """The names about ignored findings."""

    ignored: list[IgnoredView]
    ignored_counts: list[CountView]
    ignored_total: int
    ignored_known_exploited: int
    ignored_not_looked_up: int
    ignored_left_out: int
    expired: list[IgnoredView]
    expired_left_out: int
    ignore_failure: str
    asked_failure: str


class NoticeView(TypedDict):
    """The names for the templates of an image that was not scanned.

    short, why, next: of notice.json. minutes: 0 if it was not pushed lately. doctor, rerun:
    commands.
    """

    kind: NoticeKind
    image: str
    image_short: str
    reason: str
    short: str
    why: str
    next: str
    minutes: int
    time: str
    doctor: str
    rerun: str
    link: Optional[str]


class RemedyOfNotice(TypedDict):
    """An entry of notice.json; formats with {reason}."""

    short: str
    why: str
    next: str


class UrgentView(TypedDict):
    """Why a brief is sent at once. id: at most 40 characters."""

    id: str
    others: int
    known_exploited: bool


class ImageView(TypedDict):
    """An image in a list. name: its tag, or sha256: and 12 digits; full: with the repository.

    severity: a word for the worst, "" without one; count: how many findings have it. link: its page
    in the Inspector console.
    """

    name: str
    full: str
    severity: str
    count: int
    known_exploited: int
    link: Optional[str]


class ListedImages(TypedDict):
    """Images of one repository. lines: their names with the counts, joined, as wide as a mail."""

    repository: str
    images: list[ImageView]
    lines: list[str]


class ImageSection(TypedDict):
    """Images of one rank. kind: KNOWN_EXPLOITED, a severity's code, UNKNOWN or NONE; word: the
    severity's, else "". count: how many are named; total: how many have the rank.
    """

    kind: str
    word: str
    count: int
    total: int
    repositories: list[ListedImages]


class UnscannedView(TypedDict):
    """Images with the same of Inspector's reasons. short, why, next: of notice.json. count, total:
    as in ImageSection.
    """

    reason: str
    short: str
    why: str
    next: str
    count: int
    total: int
    repositories: list[ListedImages]


class RepositoryView(TypedDict):
    """A repository of a summary. images: how many; known_exploited and not_scanned: of the images
    that the summary knows one by one. severity: a word for the worst. link: its page in the Amazon
    ECR console.
    """

    name: str
    images: int
    known_exploited: int
    not_scanned: int
    severity: str
    link: Optional[str]


class SharedUpgradeView(UpgradeView):
    """serves: how many images, in words; images: the number."""

    images: int
    serves: str


class OmittedView(TypedDict):
    """Images of a repository that are not named."""

    repository: str
    images: int


class SummaryView(TypedDict):
    """The names for the templates of a summary; docs/templates.md explains each."""

    limit: int
    minutes: int
    since: str
    until: str
    account: str
    region: str
    total: int
    named: int
    attacked: int
    not_scanned: int
    findings: int
    known_exploited: int
    counts: list[CountView]
    worst: str
    upgrades: list[SharedUpgradeView]
    upgrades_omitted: int
    first: list[ImageView]
    repositories: list[RepositoryView]
    repositories_omitted: int
    sections: list[ImageSection]
    unscanned: list[UnscannedView]
    omitted: list[OmittedView]
    omitted_repositories: int
    omitted_images: int


class GroupView(TypedDict):
    """New findings in one repository. text: the upgrade that closes them, "" without a fix; effect:
    what it closes; subscription: what it needs, or "".
    """

    number: int
    repository: str
    text: str
    effect: str
    subscription: str
    findings: int
    known_exploited: int
    severity: str
    in_use: bool
    ids: list[str]
    ids_omitted: int
    images: list[str]
    images_omitted: int


class FixView(TypedDict):
    """A fix that came. fixed_in: "" if it is not stated."""

    repository: str
    id: str
    severity: str
    package: str
    fixed_in: str
    images: int


class OverdueView(TypedDict):
    """days: since the date; 0 if the date cannot be read."""

    id: str
    date: str
    days: int
    repositories: list[str]
    repositories_omitted: int
    images: int


class UnwatchedView(TypedDict):
    """Images that Inspector does not scan, of one reason. last_scans: the time of each, in its
    order, or "".
    """

    reason: str
    short: str
    why: str
    next: str
    images: list[str]
    last_scans: list[str]


class HeldBackView(TypedDict):
    """An urgent finding that the hourly cap held back."""

    id: str
    severity: str
    known_exploited: bool
    image: str


class DigestView(TypedDict):
    """The names for the templates of a digest; docs/templates.md explains each."""

    since: str
    until: str
    account: str
    region: str
    memory_lost: str
    complete: bool
    all_quiet: bool
    repositories: int
    images: int
    total: int
    known_exploited: int
    counts: list[CountView]
    worst: str
    looked_up: bool
    not_looked_up: int
    lookup_failure: str
    groups: list[GroupView]
    groups_omitted: int
    findings_omitted: int
    fixes: list[FixView]
    fixes_total: int
    overdue: list[OverdueView]
    overdue_total: int
    fell_out: list[UnwatchedView]
    fell_out_total: int
    fell_out_omitted: int
    unscanned: list[UnwatchedView]
    unscanned_total: int
    unscanned_omitted: int
    held_back: list[HeldBackView]
    held_back_total: int


class View(IgnoreNames):
    """The names that the code gives to templates; docs/templates.md explains each."""

    kind: Kind
    urgent: Optional[UrgentView]
    settled: bool
    complete: bool
    compared: bool
    attempts: int
    image: str
    image_short: str
    tagged: bool
    tags_omitted: int
    platform: str
    end_of_support: Optional[EndOfSupport]
    counts: list[CountView]
    announced: list[CountView]
    announced_total: str
    announced_count: int
    differences: list[DifferenceView]
    missing: list[DifferenceView]
    missing_total: int
    suppressed: list[CountView]
    suppressed_total: int
    worst: Optional[WorstView]
    total: int
    known_exploited: int
    exploitable: Optional[int]
    fixable: Optional[int]
    partly_fixable: int
    subscription_only: int
    not_looked_up: int
    lookup_failure: str
    layers: Optional[LayersView]
    clusters: list[str]
    clusters_omitted: int
    upgrades: list[UpgradeView]
    upgrades_close: int
    upgrades_share: str
    upgrades_left: int
    without_fix: int
    doubt: str
    doubt_short: str
    next_step: str
    rerun: str
    time: str
    status_words: str
    findings: list[FindingView]
    changes: Optional[ChangesView]
    left_out: int
    link: Optional[str]


class SeverityWords(TypedDict):
    """A word for each severity."""

    CRITICAL: str
    HIGH: str
    MEDIUM: str
    LOW: str
    INFORMATIONAL: str
    UNTRIAGED: str
    OTHER: str


class ReasonWords(TypedDict):
    """Why a finding is among the first; no word for the usual case, that there is a fix.

    knownExploitedDue: a format with the place {date}.
    """

    separator: str
    new: str
    knownExploited: str
    knownExploitedDue: str
    exploit: str
    reachable: str
    notReachable: str
    fixPartial: str
    fixNo: str
    fixUnknown: str


class RemedyWords(TypedDict):
    """What fixes a package: by Holder's kind, and update for "Update X to Y". Formats."""

    update: str
    RUNTIME: str
    SYSTEM: str
    TOOL: str
    BINARY: str
    ARCHIVE: str
    PARENT: str


class UpgradeWords(TypedDict):
    """What to upgrade: by Upgrade's kind, formats with {name}, {count} and {packages}.

    more: a format with the {count} of packages that are not listed. unknownVersion: of {name}, no
    version can be advised. closesOne to subscription: the effect, formats with {count} findings;
    closesNone: only with a later upgrade. servesOne, servesMany: formats with {count} images.
    """

    separator: str
    more: str
    unknownVersion: str
    closesOne: str
    closesMany: str
    closesNone: str
    knownExploited: str
    subscription: str
    servesOne: str
    servesMany: str
    OS: str
    RUNTIME: str
    TOOL: str
    BINARY: str
    ARCHIVE: str
    PARENT: str


class DoubtWords(TypedDict):
    """Why an empty list does not show that the image is clean; formats with {status}."""

    NO_COUNTS: str
    SCAN_NOT_COMPLETE: str
    JUST_SCANNED: str
    NOT_ALL_READ: str


class ImageWords(TypedDict):
    """What follows an image's name; moreTags, with {count}, for several of them."""

    open: str
    separator: str
    close: str
    moreTag: str
    moreTags: str


class LookupWords(TypedDict):
    """Why vulnerabilities were not looked up. BUDGET: more than the setting allows."""

    DENIED: str
    THROTTLED: str
    OUT_OF_TIME: str
    FAILED: str
    BUDGET: str


class IgnoreWords(TypedDict):
    """Why the list of ignored findings, or what chats asked to ignore, was not applied."""

    MISSING: str
    BROKEN: str
    MEMORY_LOST: str


class LayerWords(TypedDict):
    """What to ask the owner of a layer."""

    step: str


class UnknownWords(TypedDict):
    """Why something is not known that Inspector was asked for."""

    DENIED: str
    THROTTLED: str
    OUT_OF_TIME: str
    FAILED: str


class ClusterWords(TypedDict):
    """Where an image runs. counted: a format with {service}, {name}, {units} and {seen}; uncounted:
    without {units}. The other formats have {count}; seenAt has {date}, and unknown {reason}.
    """

    counted: str
    uncounted: str
    task: str
    tasks: str
    pod: str
    pods: str
    now: str
    minutes: str
    hours: str
    days: str
    seenAt: str
    never: str
    unknown: str


class ChangesWords(TypedDict):
    """Why nothing was compared."""

    FIRST: str
    OLDER: str
    AMBIGUOUS: str
    UNREADABLE: str


class TotalWords(TypedDict):
    """word: of the total in a table. atLeast: a format with one place."""

    word: str
    atLeast: str


class TimeWords(TypedDict):
    """format, date: as for strftime."""

    format: str
    date: str
    unknown: str


class Words(TypedDict):
    """templates/<language>/words.json. status: by Inspector's codes, and by view.UNKNOWN_STATUS."""

    severity: SeverityWords
    status: dict[str, str]
    why: ReasonWords
    remedy: RemedyWords
    upgrade: UpgradeWords
    lookup: LookupWords
    ignore: IgnoreWords
    layer: LayerWords
    unknown: UnknownWords
    cluster: ClusterWords
    changes: ChangesWords
    doubt: DoubtWords
    doubtShort: DoubtWords
    nextStep: DoubtWords
    image: ImageWords
    total: TotalWords
    time: TimeWords


class SystemSpec(TypedDict):
    """An entry of end_of_support.json. id: Inspector's code; endOfStandardSupport: ISO 8601."""

    id: str
    name: str
    endOfStandardSupport: str
    source: str


class SystemTable(TypedDict):
    """end_of_support.json. retrieved: the day on which its sources were read, ISO 8601."""

    retrieved: str
    systems: list[SystemSpec]


class FieldSpec(TypedDict):
    """An entry of templates/fields.json. default: a text, or a text for each language."""

    path: str
    default: Union[str, dict[str, str]]
