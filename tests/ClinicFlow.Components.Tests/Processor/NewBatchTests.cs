using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Processor;
using Xunit;

namespace ClinicFlow.Components.Tests.Processor;

public sealed class NewBatchTests
{
    [Fact]
    public void A_draft_comes_back_as_it_was()
    {
        var batch = Batch();
        batch.IsTyped = true;
        batch.Table.Set(batch.Table.Rows[0].Id, 0, "Okafor");
        batch.Columns["birthDate"] = "DOB";
        batch.Columns["allergies"] = "";
        batch.LeaveOut.UnionWith([9, 4]);
        batch.Mend(7, new Dictionary<string, string> { ["DOB"] = "1980-05-17" });
        (batch.Name, batch.Description, batch.DocumentName, batch.PatientIdColumn, batch.Priority) = ("Monday", "For ward 3", "{{lastName}}", "mrn", JobPriority.High);
        batch.Settings = batch.Settings with { OutputFormat = OutputFormat.Both, MaxRetries = 5, Culture = "de-AT", MissingData = MissingData.Blank };

        var again = new NewBatch();
        var about = again.TakeUp(batch.ToDraft(), []);

        Assert.Equal((batch.Template!.Id, null), about);
        Assert.Equal(batch.ToDraft(), ((Func<string>)(() => { again.Template = batch.Template; return again.ToDraft(); }))());
        Assert.Equal(batch.Id, again.Id);
    }

    [Fact]
    public void What_was_typed_after_the_connection_was_lost_comes_back_too()
    {
        var batch = Batch();
        batch.IsTyped = true;
        var row = batch.Table.Rows[1].Id;
        var again = new NewBatch();
        again.TakeUp(batch.ToDraft(), [("name", "Monday"), ($"cell:{row}:1", "1980-05-17"), ("cell:999999:0", "gone"), ("cell:x", "?"), ("email", "desk@clinic.example")]);
        Assert.Equal(("Monday", "1980-05-17", "desk@clinic.example"), (again.Name, again.Table.Rows[1].Cells[1], again.Settings.NotificationEmail));
    }

    [Fact]
    public void A_row_that_was_added_after_the_draft_was_kept_comes_back_and_one_that_was_removed_does_not()
    {
        var batch = Batch();
        batch.IsTyped = true;
        batch.Table.Set(batch.Table.Rows[0].Id, 0, "Ada");
        batch.Table.AddRows(1);
        var removed = batch.Table.LastId;
        batch.Table.Remove(removed);

        var again = new NewBatch();
        again.TakeUp(batch.ToDraft(), [($"cell:{removed}:0", "Removed"), ($"cell:{removed + 2}:0", "Bo")]);
        var added = again.Table.LastId;
        again.Table.AddRows(1);

        Assert.Equal(["Ada", "Bo"], again.Table.Rows.Where(row => !row.IsBlank).Select(row => row.Cells[0]));
        Assert.Equal((removed + 2, removed + 3), (added, again.Table.LastId));
    }

    [Fact]
    public void A_table_that_was_pasted_is_taken_once_and_in_its_turn_however_often_it_is_told()
    {
        var batch = Batch();
        batch.IsTyped = true;
        var row = batch.Table.Rows[0].Id;
        Assert.Equal(TypedChange.Documents, batch.Type($"cell:{row}:0", "Ada"));
        Assert.Equal(TypedChange.None, batch.Type($"cell:{row}:0", "Ada"));
        Assert.Equal(TypedChange.Documents, batch.Type($"paste:one:{row}:0", "Bella\t1980-05-17\nCleo\t1990-01-01"));
        Assert.Equal(TypedChange.Documents, batch.Type($"cell:{row}:1", "1981-06-18"));
        Assert.Equal(TypedChange.None, batch.Type($"paste:one:{row}:0", "Bella\t1980-05-17\nCleo\t1990-01-01"));

        var again = new NewBatch();
        again.TakeUp(batch.ToDraft(), [($"paste:one:{row}:0", "Bella\t1980-05-17\nCleo\t1990-01-01"), ("paste:two:2:0", "Dana"), ("description", "For ward 3")]);

        Assert.Equal(["Bella|1981-06-18", "Dana|1990-01-01"], again.Table.Rows.Where(typed => !typed.IsBlank).Select(typed => string.Join('|', typed.Cells)));
        Assert.Equal("For ward 3", again.Description);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"version\": 7}")]
    public void A_draft_that_cannot_be_read_changes_nothing(string draft)
    {
        var batch = Batch();
        Assert.Null(batch.TakeUp(draft, []));
        Assert.Equal("Letter", batch.NameOrDefault);
    }

    [Fact]
    public void Only_columns_of_another_name_are_ordered()
    {
        var batch = Batch();
        batch.MatchColumns(["lastName", "DOB", "ward"]);
        Assert.Equal([new KeyValuePair<string, string>("birthDate", "DOB")], batch.ToOrder().Columns);
    }

    [Fact]
    public void What_somebody_chose_stays_as_long_as_its_column_is_there()
    {
        var batch = Batch();
        batch.Columns["birthDate"] = "seen on";
        batch.MatchColumns(["lastName", "DOB", "seen on"]);
        Assert.Equal("seen on", batch.Columns["birthDate"]);
        batch.MatchColumns(["lastName", "DOB"]);
        Assert.Equal("DOB", batch.Columns["birthDate"]);
    }

    [Fact]
    public void A_row_that_is_mended_is_not_left_out_any_more()
    {
        var batch = Batch();
        batch.LeaveOut.Add(7);
        batch.Mend(7, new Dictionary<string, string> { ["DOB"] = "1980-05-17" });
        Assert.Empty(batch.ToOrder().LeaveOut);
        Assert.Equal("1980-05-17", batch.ToOrder().Corrections[7]["DOB"]);
    }

    [Fact]
    public void It_says_what_is_still_to_do_and_starts_when_nothing_is()
    {
        var batch = new NewBatch();
        Assert.Equal(["Choose a template.", "Choose the file with the patients."], batch.FindHindrances());

        (batch.Template, batch.Details) = (Batch().Template, Batch().Details);
        batch.File = DataFile.Of("p.csv", [1]);
        batch.Preview = Preview(10) with { ProblemRows = 2, MissingFields = ["birthDate"] };
        Assert.Equal(["Mend 2 rows, or leave them out.", "Choose a column for birthDate, or leave it empty."], batch.FindHindrances());

        batch.Preview = Preview(3) with { LeftOut = 3 };
        Assert.Equal(["Every row is left out: keep at least one."], batch.FindHindrances());

        batch.Preview = Preview(3);
        batch.Settings = batch.Settings with { NotifyOnCompletion = true, NotificationEmail = "desk" };
        Assert.Equal(["Enter the e-mail address to write to."], batch.FindHindrances());

        batch.Settings = batch.Settings with { NotificationEmail = "desk@clinic.example" };
        Assert.Empty(batch.FindHindrances());
        Assert.Equal(3, batch.Documents);
    }

    private static ImportPreview Preview(long rows) => new("CSV", rows, ["lastName"], [], [], [], new Dictionary<string, string>(), [], []);

    private static NewBatch Batch()
    {
        var version = new TemplateVersion(Guid.NewGuid(), 1, TemplateStatus.Published, "", "letter.docx", "anna", DateTimeOffset.UnixEpoch, null);
        var batch = new NewBatch
        {
            Template = new Template(Guid.NewGuid(), "Letter", "", "anna", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, version.Id, [version]),
            Details = new TemplateDetails(true, [new TemplateField("lastName", "text", false, []), new TemplateField("birthDate", "date", false, [])], [], []),
        };
        batch.Table.Offer(["lastName", "birthDate"]);
        return batch;
    }
}
