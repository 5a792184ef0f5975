/**
 * The topologies: what happens to each record, without input or output of their own, on bytes and
 * headers.
 */
@NullMarked
package io.jimbot.eventbus.processor.topology;

import org.jspecify.annotations.NullMarked;
