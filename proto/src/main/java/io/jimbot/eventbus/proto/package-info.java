/**
 * What is told about states of the contract: what a change breaks, and what it would do to events
 * that are stored. No I/O, no threads.
 */
@NullMarked
package io.jimbot.eventbus.proto;

import org.jspecify.annotations.NullMarked;
