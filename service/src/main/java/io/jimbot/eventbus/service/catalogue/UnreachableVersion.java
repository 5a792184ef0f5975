package io.jimbot.eventbus.service.catalogue;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** The steps between versions that are installed do not fit the versions that a catalogue says. */
final class UnreachableVersion extends ConfigurationException {

  private static final long serialVersionUID = 1;

  UnreachableVersion(String file, IllegalArgumentException why) {
    super(file, List.of(String.valueOf(why.getMessage())), why);
  }
}
