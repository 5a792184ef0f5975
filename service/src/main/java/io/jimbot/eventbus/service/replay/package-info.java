/**
 * Managed replays as they lie in Kafka: what gateways ask for and processors do. Values and their
 * folding; no threads, no clients.
 */
@NullMarked
package io.jimbot.eventbus.service.replay;

import org.jspecify.annotations.NullMarked;
