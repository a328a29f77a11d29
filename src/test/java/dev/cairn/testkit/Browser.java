package dev.cairn.testkit;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window, steered by its driver; both are Debian's. Used by the test's thread only. */
public final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final String AXE = "/axe.min.js";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int HEIGHT = 900;
    /** It warns that it does not know this Chromium's newest protocol, of which nothing is used. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts one; skips the test where there is none, and fails it in continuous integration.
     *
     * @param profile an empty directory
     */
    public static Browser start(Path profile) {
        Tools.require(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no " + CHROMIUM + " and " + DRIVER + ": .ci/install browser installs them");
        SELENIUM.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile.toAbsolutePath());
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withLogFile(new File("/dev/null"))
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /** Opens a page, as wide as this and in {@code light} or {@code dark}. */
    public Browser open(String address, int width, String scheme) {
        look(width, scheme);
        driver.get(address);
        return this;
    }

    /** Changes width and colours of the page that is open. */
    public void look(int width, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The text of the first element, or nothing where there is none. */
    public String text(String selector) {
        return (String) script("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    /** What a script returns. */
    public Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Clicks as a person does: on what is there to be seen, and enabled. */
    public void click(String selector) {
        await(selector + " can be clicked")
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() ->
                        element(selector).isDisplayed() && element(selector).isEnabled());
        element(selector).click();
    }

    /** Types into a field. */
    public void type(String selector, String text) {
        element(selector).sendKeys(text);
    }

    /** Whether a person can see it. */
    public boolean shows(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream().anyMatch(WebElement::isDisplayed);
    }

    /** Waits until the first element's text matches. */
    public String awaitText(String selector, String regex, Duration limit) {
        return await(selector + " matches " + regex + " in " + driver.getCurrentUrl())
                .atMost(limit)
                .until(() -> text(selector), text -> text.matches("(?s)" + regex));
    }

    /** How many pixels of the page are outside of the window. */
    public long overflow() {
        return (long) script("return document.documentElement.scrollWidth - window.innerWidth");
    }

    /** What is beyond the right edge of the window, or of a box of cards, where no one scrolls to. */
    public List<String> cutOff() {
        Object found = script("""
                const scrolls = element => element && (['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
                  || scrolls(element.parentElement));
                const beyond = [...document.body.querySelectorAll('*')].filter(element =>
                  element.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(element.parentElement));
                const wide = [...document.querySelectorAll('.box.cards')].filter(box => box.scrollWidth > box.clientWidth + 1);
                return [...beyond, ...wide].map(element => `${element.tagName} ${element.id} ${element.className}`);
                """);
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    /** What the browser has found wrong since this was last asked: errors of scripts, of requests, of the page's policy. */
    public List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What axe finds wrong with the page for people who read it by other means: contrast, labels, structure. */
    public List<String> accessibilityProblems() {
        driver.executeScript(axe());
        Object found = driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
                + "axe.run().then(r => done(r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ' '"
                + " + n.failureSummary))), e => done([String(e)]))");
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private static String axe() {
        try (var script = Browser.class.getResourceAsStream(AXE)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(AXE + " cannot be read", e);
        }
    }

    /** Keeps a picture of the window, or of all of the page, below {@code target/screenshots}. */
    public Path screenshot(String name, boolean all) {
        Map<String, Object> picture = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", all));
        Path file = SCREENSHOTS.resolve(name + ".png");
        try {
            Files.createDirectories(SCREENSHOTS);
            return Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private WebElement element(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** Ends it. */
    @Override
    public void close() {
        driver.quit();
    }
}
