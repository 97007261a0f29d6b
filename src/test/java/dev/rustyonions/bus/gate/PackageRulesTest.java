package dev.rustyonions.bus.gate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Packages depend on one another in one direction: metrics and streams on the API, the API on the
 * engine, metrics and API on the rule for text.
 */
class PackageRulesTest {

    private static final String API = "dev.rustyonions.bus";
    private static final String RING = "dev.rustyonions.bus.ring";
    private static final String FLOW = "dev.rustyonions.bus.flow";
    private static final String MICROMETER = "dev.rustyonions.bus.micrometer";
    private static final String TEXT = "dev.rustyonions.bus.text";

    /** For each package of the library, which of the others it may refer to. */
    private static final Map<String, Set<String>> ALLOWED =
            Map.of(
                    RING,
                    Set.of(),
                    TEXT,
                    Set.of(),
                    API,
                    Set.of(RING, TEXT),
                    FLOW,
                    Set.of(API),
                    MICROMETER,
                    Set.of(API, TEXT));

    @Test
    void packagesReferOnlyToThoseBelowThem() {
        List<String> offences = new ArrayList<>();
        for (ClassReader type : ClassFiles.ofTheLibrary()) {
            offences.addAll(offences(PackageUses.packageOf(type.getClassName()), type));
        }
        assertThat(offences).isEmpty();
    }

    @Test
    void aUseInTheWrongDirectionIsReported() {
        ClassReader usesTheApi = ClassFiles.of(UsesTheApi.class);
        assertThat(offences(RING, usesTheApi))
                .containsExactly(
                        UsesTheApi.class.getName()
                                + " in dev.rustyonions.bus.ring refers to dev.rustyonions.bus;"
                                + " allowed: []");
        assertThat(offences(MICROMETER, usesTheApi)).isEmpty();
    }

    @Test
    void aUseInTheCodeOfAMethodAloneIsReported() {
        assertThat(offences(RING, ClassFiles.of(UsesTheApiInCode.class))).hasSize(1);
    }

    @Test
    void aPackageWithoutARuleIsReported() {
        assertThat(offences("dev.rustyonions.bus.other", ClassFiles.of(UsesTheApi.class)))
                .containsExactly("dev.rustyonions.bus.other has no rule in PackageRulesTest");
    }

    private static List<String> offences(String packageName, ClassReader type) {
        Set<String> allowed = ALLOWED.get(packageName);
        if (allowed == null) {
            return List.of(packageName + " has no rule in PackageRulesTest");
        }
        List<String> offences = new ArrayList<>();
        for (String used : PackageUses.of(type)) {
            if (used.startsWith(API) && !used.equals(packageName) && !allowed.contains(used)) {
                offences.add(
                        "%s in %s refers to %s; allowed: %s"
                                .formatted(
                                        type.getClassName().replace('/', '.'),
                                        packageName,
                                        used,
                                        allowed));
            }
        }
        return offences;
    }

    /** Stands for a class of the engine that refers to the API; nothing but its signature does. */
    private interface UsesTheApi {
        List<dev.rustyonions.bus.Event> events();
    }

    /** As above; nothing but the code of its method does. */
    private static final class UsesTheApiInCode {
        Object bus() {
            return dev.rustyonions.bus.Bus.create();
        }
    }
}
