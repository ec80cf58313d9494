using System.Text;
using System.Text.RegularExpressions;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields.Formats;

namespace ClinicFlow.Documents.Fields;

/// <summary>
/// The parts of a person that ADDRESSBLOCK and GREETINGLINE name ([MS-OI29500] 2.1.476, 2.1.477), with the headers that
/// they are usually found under, as Word's own <em>Match Fields</em> does.
/// </summary>
internal static class MappedField
{
    private static readonly Dictionary<string, string[]> Headers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TITLE"] = ["Courtesy Title", "Title", "Salutation", "Anrede", "Prefix"],
        ["FIRST"] = ["First Name", "FirstName", "First", "Given Name", "GivenName", "Vorname"],
        ["MIDDLE"] = ["Middle Name", "MiddleName", "Middle"],
        ["LAST"] = ["Last Name", "LastName", "Last", "Surname", "Family Name", "FamilyName", "Nachname"],
        ["SUFF"] = ["Suffix", "Name Suffix"],
        ["NICK"] = ["Nickname", "Nick Name"],
        ["SPOUSE"] = ["Spouse", "Spouse First Name"],
        ["SPOUSE_FIRST"] = ["Spouse First Name"],
        ["COMPANY"] = ["Company", "Company Name", "Organization", "Firma"],
        ["STREET1"] = ["Address 1", "Address1", "Address", "Street", "Street Address", "Strasse", "Straße"],
        ["STREET2"] = ["Address 2", "Address2", "Street 2"],
        ["CITY"] = ["City", "Town", "Ort", "Stadt"],
        ["STATE"] = ["State", "Province", "Region", "Bundesland"],
        ["POSTAL"] = ["Postal Code", "PostalCode", "ZIP", "Zip Code", "ZipCode", "Postcode", "PLZ"],
        ["COUNTRY"] = ["Country or Region", "Country", "Land"],
    };

    /// <summary>The text of a part; null where the record has none under any usual name.</summary>
    public static string? Find(string part, FieldScope scope, string? language)
    {
        if (!Headers.TryGetValue(part, out var names))
        {
            return null;
        }

        foreach (var name in names.SelectMany(name => scope.MappedFields.TryGetValue(name, out var mapped) ? [mapped] : new[] { name }))
        {
            if (scope.Data.TryResolve(FieldPath.OfName(name), out var value) && value.Kind is not (MergeValueKind.Group or MergeValueKind.List))
            {
                return PlainText.Of(value, scope.CultureOf(language)).Trim();
            }
        }

        return null;
    }
}

/// <summary>
/// The format of ADDRESSBLOCK and GREETINGLINE: text with placeholders such as <c>&lt;&lt;_FIRST0_&gt;&gt;</c>. What stands between
/// a placeholder's name and the marks is printed before and after it, and goes with it where it is empty.
/// </summary>
internal static partial class PersonFormat
{
    /// <summary>Fills a format; gives the text and whether any placeholder had a value.</summary>
    public static (string Text, bool HasValue) Fill(string format, FieldScope scope, string? language, bool printsCountry)
    {
        var text = new StringBuilder();
        var at = 0;
        var hasValue = false;
        foreach (Match match in Placeholder().Matches(format))
        {
            text.Append(format, at, match.Index - at);
            at = match.Index + match.Length;
            var part = match.Groups["part"].Value;
            var value = part == "COUNTRY" && !printsCountry ? null : MappedField.Find(part, scope, language);
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(match.Groups["before"].Value).Append(value).Append(match.Groups["after"].Value);
                hasValue = true;
            }
        }

        text.Append(format, at, format.Length - at);
        return (text.ToString(), hasValue);
    }

    // << before _NAME0_ after >>: the digit chooses a form of the part, which the data has only one of.
    [GeneratedRegex(@"<<(?<before>[^<>_]*)_(?<part>[A-Z]+[12]?|SPOUSE_FIRST)0?_(?<after>[^<>_]*)>>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}

/// <summary>ADDRESSBLOCK (ECMA-376 Part 1 §17.16.5.1, [MS-OI29500] 2.1.476): a postal address without empty lines.</summary>
internal sealed class AddressBlockField(FieldSource source) : WordField(source)
{
    private const string Usual = "<<_TITLE0_ >><<_FIRST0_>><< _LAST0_>><< _SUFF0_>>\n<<_COMPANY_\n>><<_STREET1_\n>><<_STREET2_\n>><<_CITY_>><<, _STATE_>><< _POSTAL_>><<\n_COUNTRY_>>";

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var format = Instruction.ArgumentOf(@"\f") is { } given ? given.Evaluate(scope) : new FieldText(Usual);
        if (format.Error is not null || format.MissingField is not null)
        {
            return format;
        }

        var (text, _) = PersonFormat.Fill(format.Text, scope, Language, PrintsCountry(scope));
        var lines = text.ReplaceLineEndings("\n").Replace('\v', '\n').Split('\n').Select(line => line.Trim().TrimEnd(',')).Where(line => line.Length > 0);
        return new FieldText(string.Join('\n', lines));
    }

    // \c 0 leaves the country out, 1 prints it, 2 (Word's usual) prints it unless \e names it.
    private bool PrintsCountry(FieldScope scope) => Instruction.ArgumentOf(@"\c")?.Constant?.Trim() switch
    {
        "0" => false,
        "1" => true,
        _ => MappedField.Find("COUNTRY", scope, Language) is not { } country
            || !Instruction.Switches.Where(one => one.Name == @"\e").Any(one => string.Equals(one.Argument?.Constant, country, StringComparison.OrdinalIgnoreCase)),
    };
}

/// <summary>GREETINGLINE (§17.16.5.24, [MS-OI29500] 2.1.477): "Dear Ms Gruber,", or <c>\e</c> where the record has no name.</summary>
internal sealed class GreetingLineField(FieldSource source) : WordField(source)
{
    private const string Usual = "<<_BEFORE_ Dear >><<_TITLE0_ >><<_LAST0_>><<_AFTER_ ,>>";

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var format = Instruction.ArgumentOf(@"\f") is { } given ? given.Evaluate(scope) : new FieldText(Usual);
        if (format.Error is not null || format.MissingField is not null)
        {
            return format;
        }

        // <<_BEFORE_ Dear >> and <<_AFTER_ ,>> are texts of the greeting itself.
        var text = format.Text;
        text = Whole(text, "<<_BEFORE_ ");
        text = Whole(text, "<<_AFTER_ ");
        var (filled, hasValue) = PersonFormat.Fill(text, scope, Language, printsCountry: true);
        return hasValue ? new FieldText(filled.Trim())
            : Instruction.ArgumentOf(@"\e") is { } otherwise ? otherwise.Evaluate(scope)
            : new FieldText("Dear Sir or Madam,");
    }

    private static string Whole(string text, string start)
    {
        var at = text.IndexOf(start, StringComparison.Ordinal);
        var end = at < 0 ? -1 : text.IndexOf(">>", at, StringComparison.Ordinal);
        return end < 0 ? text : string.Concat(text.AsSpan(0, at), text.AsSpan(at + start.Length, end - at - start.Length), text.AsSpan(end + 2));
    }
}
