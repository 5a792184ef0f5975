@NullMarked
package io.jimbot.eventbus.service;

import org.jspecify.annotations.NullMarked;
