package dev.cairn.it;

import org.junit.jupiter.api.Tag;

/** {@link CrashRunsIT} for longer. */
@Tag("chaos")
class ManyCrashRunsIT extends CrashRunsIT {

    @Override
    int kills() {
        return 20;
    }
}
