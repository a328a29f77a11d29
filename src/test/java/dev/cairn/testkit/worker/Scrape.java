package dev.cairn.testkit.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a worker's metrics are at one moment, as Prometheus reads them. */
public final class Scrape {

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<Sample> samples;

    /**
     * A sample.
     *
     * @param name of the metric
     * @param labels as they stand in the braces
     * @param value a number, or NaN
     */
    public record Sample(String name, String labels, double value) {}

    private Scrape(List<Sample> samples) {
        this.samples = samples;
    }

    /** Reads them. */
    public static Scrape of(WorkerProcess worker) {
        List<Sample> samples = new ArrayList<>();
        for (String line : text(worker).lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (!line.startsWith("#") && sample.matches()) {
                String labels = sample.group(2) == null ? "" : sample.group(2);
                samples.add(new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3))));
            }
        }
        return new Scrape(samples);
    }

    /** As they are. */
    public static String text(WorkerProcess worker) {
        URI address = URI.create("http://localhost:" + worker.httpPort() + "/q/metrics");
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(address)
                                    .timeout(LIMIT)
                                    .header("Accept", "text/plain")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(address.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + address, e);
        }
    }

    /** The samples of a metric, those of a histogram's parts included. */
    public List<Sample> of(String metric) {
        return samples.stream()
                .filter(sample -> sample.name().equals(metric)
                        || Stream.of("_count", "_sum", "_bucket", "_max")
                                .anyMatch(part -> sample.name().equals(metric + part)))
                .toList();
    }

    /** The sum of a sample's values over all that have these labels, such as {@code outcome="failed"}; 0 where none has. */
    public double sum(String name, String... labels) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> Stream.of(labels).allMatch(sample.labels()::contains))
                .mapToDouble(Sample::value)
                .sum();
    }
}
