/**
 * The program: the command line, and the whole bus in one JVM.
 *
 * <p>One thread, {@code main}, starts everything, waits and stops everything; the shutdown hook
 * only asks it to. May import the gateway's and the embedded broker's entries, and picocli; nothing
 * imports it.
 */
@NullMarked
package io.jimbot.eventbus.standalone;

import org.jspecify.annotations.NullMarked;
