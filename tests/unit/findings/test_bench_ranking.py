"""bench_ranking: it measures what it says, and the bars hold on the project's own facts."""

from __future__ import annotations

import pytest

from tests import bench_ranking
from tests.bench.known_exploited import measure_plumbing
from tests.bench_ranking import by_grype, by_risk, by_severity, measure_recall, read_images


def test_the_facts_have_one_later_known_exploited_vulnerability_in_each_image() -> None:
    images = read_images()
    assert [len(image) for image in images] == [300] * 19
    assert [sum(known.exploited_later for known in image) for image in images] == [1] * 19


def test_an_order_that_knew_the_answer_would_find_all_and_the_reverse_none() -> None:
    images = read_images()
    labels = {known.candidate.id for image in images for known in image if known.exploited_later}
    assert measure_recall(images, lambda candidate: candidate.id not in labels) == 1.0
    assert measure_recall(images, lambda candidate: candidate.id in labels) == 0.0


def test_the_bars_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_ranking, "SEEDS", 10)
    images = read_images()
    assert measure_recall(images, by_risk) >= measure_recall(images, by_grype) - 0.02
    sparse = measure_recall(images, by_risk, bench_ranking.MISSING)
    assert sparse >= 1.6 * measure_recall(images, by_grype, bench_ranking.MISSING)
    assert sparse >= measure_recall(images, by_severity, bench_ranking.MISSING)


def test_known_exploited_findings_reach_the_top_through_the_function_and_only_by_the_details() -> (
    None
):
    found = measure_plumbing()
    assert (found.known_exploited, found.in_top) == (3, 3)
    assert measure_plumbing(answer_details=False).in_top == 0
