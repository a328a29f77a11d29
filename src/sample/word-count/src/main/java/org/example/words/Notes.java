package org.example.words;

import java.time.LocalDate;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** The application's own REST interface, besides Cairn's. */
@Path("/notes")
public class Notes {

    /** A note; what else a client sends is ignored. */
    public record Note(String author, LocalDate day) {}

    @POST
    public Note echo(Note note) {
        return note;
    }
}
