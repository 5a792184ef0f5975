package io.jimbot.eventbus.processor.topology;

import io.jimbot.eventbus.service.catalogue.Catalogue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The catalogue that events go by, and which classes Kafka really compacts: where a change of that
 * was refused it is not what the catalogue says, and events must have the keys that fit. Immutable.
 *
 * @param catalogue the catalogue
 * @param compacted the names of the classes whose topics are compacted
 */
public record CatalogueInForce(Catalogue catalogue, Set<String> compacted) {

  /** Copies. */
  public CatalogueInForce {
    compacted = Set.copyOf(compacted);
  }

  /** One that is as it says. */
  public static CatalogueInForce of(Catalogue catalogue) {
    return new CatalogueInForce(
        catalogue,
        catalogue.classesInUse().stream()
            .filter(name -> catalogue.retention(name).cleanup().compacts())
            .collect(Collectors.toSet()));
  }

  /** Whether the topic of a class is compacted. */
  boolean compacts(String className) {
    return compacted.contains(className);
  }
}
