package dev.cairn.worker.record;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;

@Dependent
@Named("payments")
public class Payments implements Processor<Void, Void, String, Long> {

    private ValueState<Long> total;
    private ValueState<String> name;
    private Output<String, Long> totals;
    private Output<String, String> alerts;

    @Override
    public void declare(Declaration<Void, Void, String, Long> declare) {
        declare.input("payments", Serdes.String(), Serdes.Long(), this::pay);
        declare.input("customers", Serdes.String(), Serdes.String(), this::rename);
        totals = declare.output(Serdes.String(), Serdes.Long());
        alerts = declare.output("alerts", Serdes.String(), Serdes.String());
        total = declare.valueState("total", Serdes.Long());
        name = declare.valueState("name", Serdes.String());
    }

    private void pay(InputRecord<String, Long> payment) {
        total.update(total.valueOr(0L) + payment.value());
        totals.emit(payment.key(), total.value());
        if (payment.value() > 1000) {
            String text = name.valueOr("someone") + " pays " + payment.value();
            alerts.emit(OutputRecord.of(payment.key(), text)
                    .at(System.currentTimeMillis())
                    .with(new RecordHeaders().add("kind", new byte[] {1})));
        }
    }

    private void rename(InputRecord<String, String> customer) {
        name.update(customer.value());
    }
}
