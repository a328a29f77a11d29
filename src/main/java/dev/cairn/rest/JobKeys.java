package dev.cairn.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.fleet.PeerSurvey;
import dev.cairn.fleet.Peers;
import dev.cairn.worker.status.HotKeys;

/** The hot keys of all workers. */
@ApplicationScoped
class JobKeys {

    private final ThisWorker self;
    private final PeerSurvey<HotKeys> others;

    JobKeys(ThisWorker self, Peers peers) {
        this.self = self;
        this.others = peers.survey("/worker/keys", answer -> CairnJson.readAnswer(answer, HotKeys.class));
    }

    /** Those of this worker. */
    HotKeys own() {
        return self.worker().hotKeys();
    }

    /** Those of all workers that answer. */
    CompletionStage<KeysView> all() {
        HotKeys own = own();
        return others.answers().thenApply(answers -> {
            List<HotKeys> pictures = new ArrayList<>();
            pictures.add(own);
            answers.values().forEach(answer -> answer.value().ifPresent(pictures::add));
            return KeysView.of(HotKeys.of(pictures));
        });
    }
}
