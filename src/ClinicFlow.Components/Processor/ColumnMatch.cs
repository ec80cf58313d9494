using System.Globalization;
using System.Text;

namespace ClinicFlow.Components.Processor;

/// <summary>How sure it is that a column is meant for a field.</summary>
public enum MatchKind
{
    /// <summary>Nothing was found.</summary>
    None,

    /// <summary>It may be meant: somebody has to say so.</summary>
    Maybe,

    /// <summary>It is another spelling, or another word for the same: taken, and shown for correction.</summary>
    Likely,

    /// <summary>It is the same name, but for spaces, dots, capitals and accents.</summary>
    Same,
}

/// <summary>A field with the column that is meant for it.</summary>
/// <param name="Field">The merge field.</param>
/// <param name="Column">The column; null for none.</param>
/// <param name="Kind">How sure it is.</param>
public sealed record FieldMatch(string Field, string? Column, MatchKind Kind);

/// <summary>
/// Finds the column for each merge field by their names. A wrong one puts a patient's data in the wrong place, so only
/// what says the same is taken by itself: words like <c>guardian</c> that stand on one side alone keep names apart.
/// </summary>
internal static class ColumnMatch
{
    private const int MaxLength = 128;

    /// <summary>Words of clinics that say the same, whole names first.</summary>
    private static readonly string[][] Synonyms =
    [
        ["birthdate", "dateofbirth", "dob", "born", "birthday", "bornon", "geburtsdatum", "gebdatum"],
        ["lastname", "surname", "familyname", "patientlastname", "patientsurname", "nachname", "familienname"],
        ["firstname", "givenname", "forename", "patientfirstname", "vorname"],
        ["patientname", "fullname", "name", "nameofpatient"],
        ["mrn", "patientid", "patientnumber", "patientno", "medicalrecordnumber", "recordnumber", "chartnumber", "patientennummer"],
        ["phone", "telephone", "tel", "phonenumber", "telephonenumber", "mobile", "mobilephone", "cell", "telefon"],
        ["email", "mail", "emailaddress"],
        ["postalcode", "postcode", "zip", "zipcode", "plz"],
        ["city", "town", "ort", "stadt"],
        ["street", "addressline1", "streetaddress", "strasse"],
        ["sex", "gender", "geschlecht"],
        ["physician", "doctor", "attendingphysician", "arzt", "aerztin"],
        ["insurer", "insurance", "insurancecompany", "healthinsurance", "krankenkasse"],
        ["insurancenumber", "policynumber", "memberid", "versicherungsnummer"],
        ["date", "today", "datum"],
    ];

    /// <summary>Words that make a name another person's or another thing's.</summary>
    private static readonly HashSet<string> Apart = new(StringComparer.Ordinal)
    {
        "guardian", "parent", "mother", "father", "spouse", "partner", "emergency", "contact", "next", "kin", "doctor", "physician", "surgeon", "nurse", "referring",
        "insurer", "employer", "second", "secondary", "old", "new", "previous", "former", "consent", "clinic", "hospital", "work", "home", "mobile", "start", "end", "from", "to",
    };

    /// <summary>Finds the columns for all fields; each column is taken once, by the field that it fits best.</summary>
    /// <param name="fields">The merge fields.</param>
    /// <param name="columns">The columns of the data.</param>
    public static IReadOnlyList<FieldMatch> Find(IReadOnlyList<string> fields, IReadOnlyList<string> columns)
    {
        // A field that has its own column needs no other, and that column is nobody else's.
        var found = new FieldMatch?[fields.Count];
        var free = new List<string>(columns);
        for (var i = 0; i < fields.Count; i++)
        {
            if (free.FirstOrDefault(column => IsSame(fields[i], column)) is { } own)
            {
                found[i] = new FieldMatch(fields[i], own, MatchKind.Same);
                free.Remove(own);
            }
        }

        var pairs = Enumerable.Range(0, fields.Count).Where(i => found[i] is null)
            .SelectMany(_ => free, (i, column) => (Index: i, Column: column, Score: Score(fields[i], column)))
            .Where(pair => pair.Score >= 0.5).OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Index).ToList();
        foreach (var (index, column, score) in pairs)
        {
            if (found[index] is null && free.Remove(column))
            {
                found[index] = new FieldMatch(fields[index], column, score >= 1 ? MatchKind.Same : score >= 0.8 ? MatchKind.Likely : MatchKind.Maybe);
            }
        }

        return [.. fields.Select((field, i) => found[i] ?? new FieldMatch(field, null, MatchKind.None))];
    }

    /// <summary>Whether the server takes a column for a field by itself: letter case does not count, and a space is an underscore.</summary>
    public static bool IsSame(string field, string column)
        => string.Equals(field.Replace(' ', '_').Replace('\u00A0', '_'), column.Replace(' ', '_').Replace('\u00A0', '_'), StringComparison.OrdinalIgnoreCase);

    /// <summary>How alike two names are: 1 where only separators, case and accents differ, 0.9 for words that say the same, less for what is only near.</summary>
    private static double Score(string field, string column)
    {
        if (field.Length is 0 or > MaxLength || column.Length is 0 or > MaxLength)
        {
            return 0;
        }

        var (wanted, offered) = (Words(field), Words(column));
        var (one, other) = (string.Concat(wanted), string.Concat(offered));
        if (one.Length == 0 || other.Length == 0)
        {
            return 0;
        }

        if (one == other)
        {
            return 1;
        }

        if (Synonyms.Any(group => group.Contains(one, StringComparer.Ordinal) && group.Contains(other, StringComparer.Ordinal)))
        {
            return 0.9;
        }

        var (alone, both) = (wanted.Except(offered).Concat(offered.Except(wanted)).ToArray(), wanted.Intersect(offered).Count());
        if (alone.Length == 0)
        {
            return 0.85;
        }

        if (alone.Any(Apart.Contains) || alone.Any(word => word.All(char.IsAsciiDigit)))
        {
            return 0;
        }

        // A slip of the pen is one change in five letters; a name inside a longer one may be meant.
        var longest = Math.Max(one.Length, other.Length);
        var distance = Distance(one, other);
        if (longest >= 5 && distance <= Math.Max(1, longest / 5))
        {
            return 0.8;
        }

        return both > 0 && alone.Length == 1 ? 0.55 : both > 0 && (double)both / (both + alone.Length) >= 0.5 ? 0.5 : 0;
    }

    /// <summary>The words of a name, in lower case, without accents: <c>address.postalCode</c> is address, postal, code.</summary>
    private static string[] Words(string name)
    {
        var words = new StringBuilder();
        var before = ' ';
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            if (!char.IsLetterOrDigit(c) || (char.IsUpper(c) && char.IsLower(before)) || (char.IsDigit(c) != char.IsDigit(before) && char.IsLetterOrDigit(before)))
            {
                words.Append(' ');
            }

            words.Append(char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ');
            before = c;
        }

        return words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static int Distance(string a, string b)
    {
        var (last, row) = (new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }

            (last, row) = (row, last);
        }

        return last[b.Length];
    }
}
