package shop.work;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Work for the processor. A virtual thread gives its carrier back only where it waits, so what computes has threads of
 * the system, which take turns with the others: one for each processor.
 */
@Component
public class Computing implements DisposableBean {
    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    public <T> T run(Callable<T> work) throws InterruptedException, ExecutionException {
        return threads.submit(work).get();
    }

    @Override
    public void destroy() {
        threads.close();
    }
}
