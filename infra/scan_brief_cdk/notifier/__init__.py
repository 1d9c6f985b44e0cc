"""From a scan's event to the published brief: one construct of several."""
