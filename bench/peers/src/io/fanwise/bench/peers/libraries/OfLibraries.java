package io.fanwise.bench.peers.libraries;

import com.pivovarit.collectors.ParallelCollectors;
import io.fanwise.bench.peers.Peer;
import io.fanwise.bench.peers.Peers;
import io.fanwise.work.Task;
import io.reactivex.rxjava3.core.Flowable;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Libraries from Maven Central, each in its own idiom.
public final class OfLibraries implements Peers {

  /// For the service loader.
  public OfLibraries() {}

  @Override
  public @Nullable Peer named(String name, int jobs) {
    return switch (name) {
      case "parallel-collectors" ->
          new Collecting(jobs, Executors.newVirtualThreadPerTaskExecutor());
      case "parallel-collectors-batching" -> new Batching(jobs, Executors.newFixedThreadPool(jobs));
      case "reactor" -> new Reactor(jobs, pool(jobs));
      case "reactor-parallel" -> new ReactorRails(jobs);
      case "rxjava" -> new RxJava(jobs, pool(jobs));
      case "pekko" -> new Pekko(jobs, pool(jobs), ActorSystem.create("peers"));
      default -> null;
    };
  }

  private static ExecutorService pool(int jobs) {
    return jobs > 16
        ? Executors.newVirtualThreadPerTaskExecutor()
        : Executors.newFixedThreadPool(jobs);
  }

  private static <T, R> R run(Task<T, R> task, T input) {
    try {
      return task.run(input);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private record Collecting(int jobs, ExecutorService pool) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      return inputs.stream()
          .collect(
              ParallelCollectors.parallel(
                  (T input) -> OfLibraries.run(task, input), Collectors.toList(), pool, jobs))
          .join();
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  private record Batching(int jobs, ExecutorService pool) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      return inputs.stream()
          .collect(
              ParallelCollectors.Batching.parallel(
                  (T input) -> OfLibraries.run(task, input), Collectors.toList(), pool, jobs))
          .join();
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  private record Reactor(int jobs, ExecutorService pool) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      Scheduler scheduler = Schedulers.fromExecutorService(pool);
      return Flux.fromIterable(inputs)
          .flatMapSequential(
              input -> Mono.fromCallable(() -> task.run(input)).subscribeOn(scheduler), jobs)
          .collectList()
          .block();
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  private record ReactorRails(int jobs) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      throw new UnsupportedOperationException("rails do not keep the order");
    }

    @Override
    public <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink) {
      Scheduler scheduler = Schedulers.newParallel("peers", jobs);
      Flux.fromIterable(() -> inputs)
          .parallel(jobs)
          .runOn(scheduler)
          .map(input -> OfLibraries.run(task, input))
          .sequential()
          .doOnNext(sink)
          .blockLast();
      scheduler.dispose();
    }
  }

  private record RxJava(int jobs, ExecutorService pool) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      var scheduler = io.reactivex.rxjava3.schedulers.Schedulers.from(pool, true);
      return Flowable.fromIterable(inputs)
          .concatMapEager(
              input -> Flowable.fromCallable(() -> task.run(input)).subscribeOn(scheduler), jobs, 1)
          .toList()
          .blockingGet();
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  private record Pekko(int jobs, ExecutorService pool, ActorSystem system) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) throws Exception {
      return Source.from(inputs)
          .mapAsync(
              jobs,
              input -> CompletableFuture.supplyAsync(() -> OfLibraries.run(task, input), pool))
          .runWith(Sink.seq(), system)
          .toCompletableFuture()
          .get();
    }

    @Override
    public void close() {
      pool.shutdownNow();
      system.terminate();
    }
  }
}
