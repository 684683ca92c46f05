package io.fanwise.bench.peers;

import io.fanwise.work.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// What one would write with the JDK alone.
final class OfTheJdk implements Peers {

  @Override
  public @Nullable Peer named(String name, int jobs) {
    return switch (name) {
      case "loop" -> new Loop();
      case "slices" -> new Slices(jobs);
      case "chunks" -> new Chunks(jobs);
      case "parallel-stream" -> new ParallelStream(new ForkJoinPool(jobs));
      case "parallel-stream-common" -> new ParallelStream(ForkJoinPool.commonPool());
      case "invokeAll" -> new InvokeAll(Executors.newFixedThreadPool(jobs));
      case "semaphore" -> new Permits(jobs);
      case "mapConcurrent" -> new MapConcurrent(jobs);
      default -> null;
    };
  }

  static <T, R> R run(Task<T, R> task, T input) {
    try {
      return task.run(input);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private record Loop() implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) throws Exception {
      List<R> results = new ArrayList<>(inputs.size());
      for (T input : inputs) {
        results.add(task.run(input));
      }
      return results;
    }

    @Override
    public <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink)
        throws Exception {
      while (inputs.hasNext()) {
        sink.accept(task.run(inputs.next()));
      }
    }
  }

  /// What a careful person writes by hand: sixteen slices per thread, results put straight in
  /// place.
  private record Slices(int jobs, ExecutorService pool) implements Peer {
    private static final int PER_THREAD = 16;

    Slices(int jobs) {
      this(jobs, Executors.newFixedThreadPool(jobs));
    }

    @Override
    @SuppressWarnings("unchecked") // the task has made them
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) throws Exception {
      int size = inputs.size();
      Object[] results = new Object[size];
      int slices = Math.min(size, jobs * PER_THREAD);
      List<Callable<Boolean>> all = new ArrayList<>(slices);
      for (int i = 0; i < slices; i++) {
        int from = (int) ((long) size * i / slices);
        int to = (int) ((long) size * (i + 1) / slices);
        all.add(() -> {
          for (int at = from; at < to; at++) {
            results[at] = task.run(inputs.get(at));
          }
          return true;
        });
      }
      for (Future<Boolean> slice : pool.invokeAll(all)) {
        slice.get();
      }
      return (List<R>) Arrays.asList(results);
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  /// What a careful person writes by hand for a stream: chunks of a thousand, a bounded queue.
  private record Chunks(int jobs) implements Peer {
    private static final int LENGTH = 1000;

    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      throw new UnsupportedOperationException("chunks are for streams");
    }

    @Override
    public <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink) {
      try (ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              jobs,
              jobs,
              1,
              TimeUnit.MINUTES,
              new ArrayBlockingQueue<>(8 * jobs),
              new ThreadPoolExecutor.CallerRunsPolicy())) {
        while (inputs.hasNext()) {
          List<T> chunk = new ArrayList<>(LENGTH);
          while (chunk.size() < LENGTH && inputs.hasNext()) {
            chunk.add(inputs.next());
          }
          pool.execute(() -> {
            for (T input : chunk) {
              sink.accept(OfTheJdk.run(task, input));
            }
          });
        }
      }
    }
  }

  private record ParallelStream(ForkJoinPool pool) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) throws Exception {
      return pool.submit(
              () -> inputs.parallelStream().map(input -> OfTheJdk.run(task, input)).toList())
          .get();
    }

    @Override
    public <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink)
        throws Exception {
      Stream<T> stream = stream(inputs).parallel();
      pool.submit(() -> stream.forEach(input -> sink.accept(OfTheJdk.run(task, input)))).get();
    }

    @Override
    public void close() {
      if (!pool.equals(ForkJoinPool.commonPool())) {
        pool.shutdownNow();
      }
    }
  }

  private record InvokeAll(ExecutorService pool) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) throws Exception {
      List<Callable<R>> all = new ArrayList<>(inputs.size());
      for (T input : inputs) {
        all.add(() -> task.run(input));
      }
      List<R> results = new ArrayList<>(inputs.size());
      for (Future<R> one : pool.invokeAll(all)) {
        results.add(one.get());
      }
      return results;
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  /// The recipe everybody writes for virtual threads.
  private record Permits(int jobs) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) throws Exception {
      Semaphore permits = new Semaphore(jobs);
      try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<R>> all = new ArrayList<>(inputs.size());
        for (T input : inputs) {
          permits.acquire();
          all.add(
              pool.submit(() -> {
                try {
                  return task.run(input);
                } finally {
                  permits.release();
                }
              }));
        }
        List<R> results = new ArrayList<>(inputs.size());
        for (Future<R> one : all) {
          results.add(one.get());
        }
        return results;
      }
    }
  }

  private record MapConcurrent(int jobs) implements Peer {
    @Override
    public <T, R> List<R> map(List<T> inputs, Task<T, R> task) {
      return inputs.stream()
          .gather(Gatherers.mapConcurrent(jobs, (T input) -> OfTheJdk.run(task, input)))
          .toList();
    }

    @Override
    public <T, R> void each(Iterator<T> inputs, Task<T, R> task, Consumer<R> sink) {
      stream(inputs)
          .gather(Gatherers.mapConcurrent(jobs, (T input) -> OfTheJdk.run(task, input)))
          .forEach(sink);
    }
  }

  private static <T> Stream<T> stream(Iterator<T> inputs) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(inputs, Spliterator.NONNULL), false);
  }
}
