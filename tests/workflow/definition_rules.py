"""Pure: all rules that the definition keeps, and what each says of one. A complaint begins with its
state's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.workflow import (
    data_rules,
    flow_rules,
    limit_rules,
    path_rules,
    publish_rules,
    task_rules,
    text_rules,
)

Definition = dict[str, Any]
Rule = Callable[[Definition], Iterator[str]]

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        flow_rules.targets_exist,
        flow_rules.states_are_reachable,
        flow_rules.states_go_on_or_end,
        flow_rules.choices_go_the_right_way,
        flow_rules.the_loop_counts,
        flow_rules.the_request_is_kept,
        flow_rules.caught_errors_end_under_their_name,
        flow_rules.failures_explain_themselves,
        task_rules.tasks_time_out,
        task_rules.tasks_retry_by_name,
        task_rules.retries_are_spread,
        task_rules.tasks_catch_everything_last,
        task_rules.catchers_keep_the_request,
        task_rules.error_names_exist,
        task_rules.own_errors_are_handled,
        task_rules.resources_are_known,
        task_rules.functions_are_named_like_their_state,
        publish_rules.publishes_are_complete,
        publish_rules.attributes_let_subscribers_filter,
        publish_rules.publishes_are_not_repeated,
        task_rules.results_have_their_place,
        path_rules.paths_are_marked,
        path_rules.marked_values_are_paths,
        path_rules.functions_name_no_hyphen,
        path_rules.functions_exist,
        data_rules.what_is_read_is_there,
        data_rules.every_state_is_walked,
        limit_rules.the_whole_lasts_longer_than_its_parts,
        limit_rules.tasks_outlast_their_functions,
        text_rules.placeholders_are_known,
        text_rules.texts_are_of_their_language,
        text_rules.formats_fill_their_texts,
        text_rules.fallback_texts_are_plain,
    )
}


def complain(definition: Definition) -> dict[str, list[str]]:
    """What each rule that is broken says."""
    said = {name: list(rule(definition)) for name, rule in RULES.items()}
    return {name: complaints for name, complaints in said.items() if complaints}
