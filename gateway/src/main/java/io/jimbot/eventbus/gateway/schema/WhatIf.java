package io.jimbot.eventbus.gateway.schema;

import io.jimbot.eventbus.proto.LossReport;

/**
 * What a proposed schema would do to the last events.
 *
 * @param report of the events that were looked at
 * @param complete whether these are as many as were asked for, or all that the log has; if not,
 *     time or memory did not suffice
 */
public record WhatIf(LossReport report, boolean complete) {}
