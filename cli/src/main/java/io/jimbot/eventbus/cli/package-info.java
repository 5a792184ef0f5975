/**
 * The clients of the command line: {@code publish}, {@code tail}, {@code subscribe}, {@code
 * topics}. They know the bus only by its public contract: HTTP for JSON in, gRPC for the rest.
 */
@NullMarked
package io.jimbot.eventbus.cli;

import org.jspecify.annotations.NullMarked;
