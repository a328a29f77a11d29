package dev.cairn.testkit.trace;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

import dev.cairn.testkit.trace.recorder.Recorder;

/** What is woven into the traced methods. Nothing calls it as it stands here. */
final class TracedCall {

    private TracedCall() {}

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(
            @Advice.Origin("#t.#m") String method,
            @Advice.This(optional = true) Object self,
            @Advice.AllArguments Object[] arguments,
            @Advice.Return(typing = Assigner.Typing.DYNAMIC) Object result,
            @Advice.Thrown Throwable thrown) {
        Recorder.called(method, self, arguments, result, thrown);
    }
}
