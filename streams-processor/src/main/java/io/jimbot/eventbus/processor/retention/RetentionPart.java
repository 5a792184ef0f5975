package io.jimbot.eventbus.processor.retention;

import io.dropwizard.configuration.ConfigurationException;
import io.jimbot.eventbus.processor.kafka.KafkaClients;
import io.jimbot.eventbus.processor.kafka.Part;
import io.jimbot.eventbus.processor.kafka.PartReadiness;
import io.jimbot.eventbus.processor.kafka.ProcessorTopics;
import io.jimbot.eventbus.processor.kafka.StreamsPart;
import io.jimbot.eventbus.processor.kafka.StreamsRuntime;
import io.jimbot.eventbus.processor.kafka.TopicSpec;
import io.jimbot.eventbus.processor.topology.CatalogueInForce;
import io.jimbot.eventbus.processor.topology.RetentionTopology;
import io.jimbot.eventbus.service.catalogue.Catalogue;
import io.jimbot.eventbus.service.kafka.KafkaTopics;
import io.jimbot.eventbus.wire.RegistryException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps events for as long as the catalogue says. Its daemon thread {@code retention-catalogue}
 * makes the topics so at the start and whenever the catalogue has changed, and only then lets the
 * topology go by the new one.
 */
public final class RetentionPart implements Part {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionPart.class);

  private final RetentionSettings settings;
  private final KafkaTopics topics;
  private final KafkaClients clients;
  private final RetentionMetrics metrics;
  private final TopicReconciler reconciler;
  private final CatalogueFile file;
  private final StreamsPart topology;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "retention-catalogue");
            thread.setDaemon(true);
            return thread;
          });

  /** Written by the thread that starts, then by the one that watches; read by the topology's. */
  private volatile CatalogueInForce catalogue;

  /** What the file said last; the two below belong to the same threads, one after the other. */
  private Catalogue wanted;

  /** Whether the topics have been made as it says. */
  private boolean reconciled;

  /**
   * Reads the catalogue; does no other I/O.
   *
   * @throws IOException if the user's catalogue cannot be read
   * @throws ConfigurationException if it is not allowed
   */
  public RetentionPart(
      RetentionSettings settings, StreamsRuntime runtime, PrometheusRegistry registry)
      throws IOException, ConfigurationException {
    this.settings = settings;
    this.topics = runtime.kafka().topics();
    this.clients = new KafkaClients(runtime.kafka());
    this.metrics = new RetentionMetrics(registry);
    this.reconciler =
        new TopicReconciler(new ProcessorTopics(runtime.kafka()), settings.changeRules());
    this.file = new CatalogueFile(settings.catalogueFile());
    this.wanted = file.load();
    this.catalogue = CatalogueInForce.of(wanted);
    RetentionTopology described =
        new RetentionTopology(
            topics, this::catalogue, settings.repeatWindow(), Clock.systemUTC(), metrics);
    this.topology =
        new StreamsPart(
            "retention",
            List.of(),
            List.of(topics.events(), topics.deadLetters()),
            runtime,
            described::build);
  }

  private CatalogueInForce catalogue() {
    return catalogue;
  }

  @Override
  public String name() {
    return topology.name();
  }

  @Override
  public List<TopicSpec> ownTopics() {
    return ClassTopics.of(catalogue.catalogue(), topics);
  }

  @Override
  public List<String> neededTopics() {
    return topology.neededTopics();
  }

  @Override
  public void start() throws RegistryException {
    Admin admin = newAdmin();
    try {
      List<Drift> drifts = compare(admin);
      // Until they are changed, events have the keys that fit what the topics are.
      catalogue = new CatalogueInForce(wanted, compacted(drifts));
      change(admin, drifts);
    } finally {
      admin.close(Duration.ZERO);
    }
    topology.start();
    long interval = settings.checkInterval().toMillis();
    var unused =
        watch.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      if (file.isChanged()) {
        wanted = file.load();
        reconciled = false;
        LOG.info("catalogue has changed file={}", settings.catalogue());
      }
      if (!reconciled) {
        reconcile();
      }
    } catch (IOException | ConfigurationException e) {
      metrics.catalogueFailed();
      LOG.error("catalogue not usable, the one before holds error={}", e.getMessage());
    } catch (RuntimeException e) {
      metrics.catalogueFailed();
      LOG.error("bug: the watch over the catalogue threw", e);
    }
  }

  private Admin newAdmin() {
    return clients.newAdmin("eventbus-processor-catalogue");
  }

  /** Events go by the new catalogue once its topics are there; while they are not, by the old. */
  private void reconcile() {
    Admin admin = newAdmin();
    try {
      change(admin, compare(admin));
    } catch (KafkaException e) {
      LOG.warn("not reconciled error={}", e.getMessage());
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  /**
   * How the topics differ from what is wanted.
   *
   * @throws KafkaException if that cannot be known
   */
  private List<Drift> compare(Admin admin) {
    try {
      List<Drift> drifts = reconciler.compare(admin, ClassTopics.of(wanted, topics));
      metrics.drifts(drifts);
      return drifts;
    } catch (ExecutionException e) {
      metrics.catalogueFailed();
      throw new KafkaException("the topics are not compared with the catalogue: " + e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Makes the topics as they are wanted, and then lets events go by that. */
  private void change(Admin admin, List<Drift> drifts) {
    try {
      reconciler.change(admin, drifts);
      catalogue =
          new CatalogueInForce(wanted, compacted(drifts.stream().filter(Drift::refused).toList()));
      reconciled = true;
    } catch (ExecutionException | KafkaException e) {
      metrics.catalogueFailed();
      LOG.warn(
          "topics not changed as the catalogue says error={}",
          String.valueOf(e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** By the catalogue, but for topics that are left as they are. */
  private Set<String> compacted(List<Drift> left) {
    Set<String> compacted = new HashSet<>(CatalogueInForce.of(wanted).compacted());
    String prefix = topics.ofClass("");
    for (Drift drift : left) {
      if (drift.setting().equals(TopicConfig.CLEANUP_POLICY_CONFIG)
          && drift.topic().startsWith(prefix)) {
        String className = drift.topic().substring(prefix.length());
        if (drift.actual().contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
          compacted.add(className);
        } else {
          compacted.remove(className);
        }
      }
    }
    return compacted;
  }

  @Override
  public PartReadiness readiness() {
    return topology.readiness();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    topology.close();
  }
}
