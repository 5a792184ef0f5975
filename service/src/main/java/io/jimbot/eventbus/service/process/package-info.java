/** A program as the operating system sees it: its version, how it runs and ends. */
@NullMarked
package io.jimbot.eventbus.service.process;

import org.jspecify.annotations.NullMarked;
