/**
 * The program: the command line, and the whole bus in one JVM.
 *
 * <p>One thread, {@code main}, starts everything, waits and stops everything; the shutdown hook
 * only asks it to. May import the entries of gateway, processor and embedded broker, and picocli;
 * nothing imports it.
 */
@NullMarked
package io.jimbot.eventbus.standalone;

import org.jspecify.annotations.NullMarked;
