package shop;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Work for the processor. A virtual thread gives its carrier back only where it waits, so what computes has threads of
 * the system, which take turns with the others: one for each processor.
 */
final class Computing implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    <T> T run(Callable<T> work) throws Exception {
        try {
            return threads.submit(work).get();
        } catch (ExecutionException error) {
            throw error.getCause() instanceof Exception cause ? cause : error;
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
