"""Pure: why Inspector did not scan an image, by the codes of ScanStatusReason and our own."""

from __future__ import annotations

# The values of ScanStatusReason (botocore's inspector2 model) that an image can have.
IMAGE_REASONS = {
    "ACCESS_DENIED": (
        "the repository's policy or the registry's denies Inspector access to the image"
    ),
    "ACCESS_DENIED_TO_ENCRYPTION_KEY": "Inspector may not use the key that encrypts the image",
    "EXTRACTION_COLLECTION_TIME_LIMIT_EXCEEDED": "it took Inspector too long to unpack the image",
    "IMAGE_ARCHIVED": "the image is archived",
    "IMAGE_SIZE_EXCEEDED": "the image is larger than Inspector scans",
    "INTERNAL_ERROR": "Inspector had an internal error",
    "INVALID_ARTIFACT": "Inspector cannot read the image",
    "NO_RESOURCES_FOUND": "Inspector found nothing in it to scan",
    "PENDING_DISABLE": "scanning is being switched off",
    "PENDING_INITIAL_SCAN": "its first scan is still to come",
    "PENDING_REVIVAL_SCAN": "its scan after a pause is still to come",
    "RESOURCE_TERMINATED": "the image was deleted",
    "SCAN_ELIGIBILITY_EXPIRED": (
        "it is older than the time for which Inspector is set to scan images"
    ),
    "SCAN_FREQUENCY_MANUAL": "the registry is set to scan by hand only",
    "SCAN_IN_PROGRESS": "its scan is still running",
    "STORAGE_LIMIT_EXCEEDED": "the unpacked image takes more storage than Inspector has for it",
    "UNSUPPORTED_CONFIG_FILE": "its configuration is not one that Inspector reads",
    "UNSUPPORTED_MEDIA_TYPE": "its media type is not one that Inspector scans",
    "UNSUPPORTED_OS": "its operating system is not one that Inspector scans",
}
SCANNED = ("SUCCESSFUL", "SCAN_FREQUENCY_SCAN_ON_PUSH")
SCANNING = "SCAN_IN_PROGRESS"  # the findings of the previous scan are valid until it ends
DELETED = "RESOURCE_TERMINATED"
# Our own: Inspector has no coverage of the image, no rule of the registry covers the repository,
# and the account or its registry is not scanned by Inspector at all.
NOT_KNOWN, NOT_COVERED, SCANNING_OFF = "NOT_KNOWN", "NOT_COVERED", "SCANNING_OFF"
# A scan that ended, or that somebody switched off, is no error of an image that was scanned before.
NO_ERROR = (
    *(*SCANNED, SCANNING, DELETED, "IMAGE_ARCHIVED", "PENDING_DISABLE", "PENDING_INITIAL_SCAN"),
    *("PENDING_REVIVAL_SCAN", "SCAN_ELIGIBILITY_EXPIRED", "SCAN_FREQUENCY_MANUAL"),
)
# What is no image can have an image's media types and no tag: the attestation that docker buildx
# pushes next to each image of an index.
NOTHING_TO_SCAN = (
    *("INVALID_ARTIFACT", "NO_RESOURCES_FOUND", "UNSUPPORTED_CONFIG_FILE"),
    *("UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_OS"),
)
