using ClinicFlow.Components.Processor;
using Xunit;

namespace ClinicFlow.Components.Tests.Processor;

public sealed class ColumnMatchTests
{
    [Theory]
    [InlineData("lastName", "LASTNAME", MatchKind.Same)]
    [InlineData("First_Name", "First Name", MatchKind.Same)]
    [InlineData("lastName", "Last name", MatchKind.Same)]
    [InlineData("lastName", "Surname", MatchKind.Likely)]
    [InlineData("birthDate", "DOB", MatchKind.Likely)]
    [InlineData("birthDate", "Date of Birth", MatchKind.Likely)]
    [InlineData("birthDate", "Geburtsdatum", MatchKind.Likely)]
    [InlineData("mrn", "Patient ID", MatchKind.Likely)]
    [InlineData("zip", "Post-code", MatchKind.Likely)]
    [InlineData("diagnosis", "Diagnossis", MatchKind.Likely)]
    [InlineData("prenom", "Prénom", MatchKind.Same)]
    [InlineData("address.city", "city address", MatchKind.Likely)]
    [InlineData("address.city", "city", MatchKind.Maybe)]
    [InlineData("operationDate", "operation", MatchKind.Maybe)]
    [InlineData("diagnosis", "ward", MatchKind.None)]
    public void A_column_is_found_by_its_name(string field, string column, MatchKind kind)
        => Assert.Equal(new FieldMatch(field, kind == MatchKind.None ? null : column, kind), Assert.Single(ColumnMatch.Find([field], [column])));

    [Theory]
    [InlineData("guardian.name", "name")]
    [InlineData("name", "guardian name")]
    [InlineData("phone", "emergency phone")]
    [InlineData("phone1", "phone2")]
    [InlineData("doctorName", "name")]
    [InlineData("startDate", "endDate")]
    public void What_may_be_somebody_elses_is_not_taken(string field, string column)
        => Assert.Equal(MatchKind.None, Assert.Single(ColumnMatch.Find([field], [column])).Kind);

    [Fact]
    public void A_column_goes_to_the_field_that_it_fits_best_and_to_no_other()
    {
        var matches = ColumnMatch.Find(["patientLastName", "lastName", "surname"], ["lastName", "Surname"]);
        Assert.Equal([null, "lastName", "Surname"], matches.Select(match => match.Column));
    }

    [Fact]
    public void Names_of_any_length_are_compared_in_bounded_time()
        => Assert.Equal(MatchKind.None, Assert.Single(ColumnMatch.Find([new string('a', 100_000)], [new string('b', 100_000)])).Kind);
}
