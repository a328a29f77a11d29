package dev.cairn.cli;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

import io.quarkus.logging.LoggingFilter;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

import dev.cairn.storage.Printable;

/**
 * Everything that is logged passes here, no matter who logs it: what records, peers and callers wrote cannot steer a terminal, or
 * look like another line of the log. application.properties puts it in front of each handler.
 */
@LoggingFilter(name = "printable")
public final class PrintableLog implements Filter {

    /** Puts parameters into messages, whichever style a library logs in. */
    private static final ExtFormatter MESSAGE = new ExtFormatter() {
        @Override
        public String format(ExtLogRecord logged) {
            return formatMessage(logged);
        }
    };

    @Override
    public boolean isLoggable(LogRecord logged) {
        String message = logged.getMessage() == null ? null : MESSAGE.formatMessage(logged);
        if (message != null) {
            String printable = Printable.line(message);
            if (!printable.equals(message)) {
                replace(logged, printable);
            }
        }
        if (logged.getThrown() != null && !isPrintable(logged.getThrown(), newSet())) {
            logged.setThrown(PrintableFailure.of(logged.getThrown(), newSet()));
        }
        return true;
    }

    private static void replace(LogRecord logged, String message) {
        if (logged instanceof ExtLogRecord formatted) {
            formatted.setMessage(message, ExtLogRecord.FormatStyle.NO_FORMAT);
        } else {
            logged.setMessage(message);
        }
        logged.setParameters(null);
    }

    private static boolean isPrintable(Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return true;
        }
        String text = failure.toString();
        boolean suppressedToo = true;
        for (Throwable suppressed : failure.getSuppressed()) {
            suppressedToo &= isPrintable(suppressed, seen);
        }
        return text.equals(Printable.line(text)) && suppressedToo && isPrintable(failure.getCause(), seen);
    }

    private static Set<Throwable> newSet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /** A failure that says of itself what another says, printably. */
    private static final class PrintableFailure extends Throwable {

        private static final long serialVersionUID = 1L;

        private final String text;

        private PrintableFailure(String text, Throwable cause) {
            super(text, cause);
            this.text = text;
        }

        static PrintableFailure of(Throwable failure, Set<Throwable> seen) {
            if (failure == null || !seen.add(failure)) {
                return null;
            }
            PrintableFailure printable =
                    new PrintableFailure(Printable.line(failure.toString()), of(failure.getCause(), seen));
            printable.setStackTrace(failure.getStackTrace());
            for (Throwable suppressed : failure.getSuppressed()) {
                PrintableFailure shown = of(suppressed, seen);
                if (shown != null) {
                    printable.addSuppressed(shown);
                }
            }
            return printable;
        }

        @Override
        @SuppressWarnings(
                "OverrideThrowableToString") // The text begins with the class of the failure that it stands for.
        public String toString() {
            return text;
        }
    }
}
