using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace ClinicFlow.Bench;

/// <summary>
/// One form of three pages in the tag dialect of each engine: the same text, the same 40 values, the same table that
/// grows with its list, in the package of the sample (styles, header, logo, numbering).
/// </summary>
internal static class PeerForm
{
    private static readonly string[] Values = ["firstName", "lastName", "mrn", "birthDate", "street", "city", "phone", "insurer", "procedure", "surgeon"];

    public static byte[] Write(byte[] sample, string engine)
    {
        using var package = new MemoryStream();
        package.Write(sample);
        using (var zip = new ZipArchive(package, ZipArchiveMode.Update, leaveOpen: true))
        {
            // Headers and footers hold tags of the sample's own dialect: they become plain text.
            foreach (var entry in zip.Entries.Where(entry => entry.FullName.StartsWith("word/", StringComparison.Ordinal) && entry.Name.EndsWith(".xml", StringComparison.Ordinal)).ToArray())
            {
                if (entry.Name == "document.xml")
                {
                    Replace(entry, xml => Body(xml, engine));
                }
                else if (entry.Name.StartsWith("header", StringComparison.Ordinal) || entry.Name.StartsWith("footer", StringComparison.Ordinal) || entry.Name.StartsWith("footnotes", StringComparison.Ordinal))
                {
                    Replace(entry, xml => xml.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
                }
            }
        }

        return package.ToArray();
    }

    /// <summary>The sample with a QR code where its stamp goes.</summary>
    public static byte[] WithCode(byte[] sample) => WithTag(sample, "{{qr mrn | size:20mm}}");

    /// <summary>The sample with a tag where its stamp goes.</summary>
    public static byte[] WithTag(byte[] sample, string tag)
    {
        using var package = new MemoryStream();
        package.Write(sample);
        using (var zip = new ZipArchive(package, ZipArchiveMode.Update, leaveOpen: true))
        {
            Replace(zip.GetEntry("word/document.xml")!, xml => xml.Contains(">Stamp<", StringComparison.Ordinal)
                ? xml.Replace(">Stamp<", $">{tag}<", StringComparison.Ordinal)
                : throw new InvalidOperationException("The sample has no place for a stamp."));
        }

        return package.ToArray();
    }

    public static string Records(int count)
    {
        var records = Enumerable.Range(1, count).Select(i =>
        {
            var record = new Dictionary<string, object>();
            for (var copy = 0; copy < 4; copy++)
            {
                foreach (var name in Values)
                {
                    record[copy == 0 ? name : $"{name}{copy}"] = name switch
                    {
                        "firstName" => "Maria Anna",
                        "lastName" => $"Gruber-Horvath {i}",
                        "mrn" => $"MRN-{4711000 + i}",
                        "birthDate" => "14 March 1962",
                        "street" => "Hauptstrasse 27/3",
                        "city" => "8010 Graz",
                        "phone" => "+43 316 5550127",
                        "insurer" => "General Health Fund",
                        "procedure" => "Laparoscopic cholecystectomy",
                        _ => "Dr. Elena Petrova",
                    };
                }
            }

            record["medications"] = Enumerable.Range(1, 1 + (i % 8)).Select(n => new Dictionary<string, string>
            {
                ["name"] = $"Metoprolol {n}",
                ["dose"] = "47.5 mg",
                ["schedule"] = "1-0-1",
                ["since"] = "2024-03-01",
            }).ToArray();
            return record;
        }).ToArray();
        return JsonSerializer.Serialize(records);
    }

    private static void Replace(ZipArchiveEntry entry, Func<string, string> change)
    {
        string xml;
        using (var reader = new StreamReader(entry.Open()))
        {
            xml = reader.ReadToEnd();
        }

        using var stream = entry.Open();
        stream.SetLength(0);
        stream.Write(Encoding.UTF8.GetBytes(change(xml)));
    }

    private static string Body(string xml, string engine)
    {
        XNamespace w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        var document = XDocument.Parse(xml);
        var body = document.Root!.Element(w + "body")!;
        var section = body.Element(w + "sectPr");
        body.RemoveNodes();
        var (open, close) = engine == "clinicflow" ? ("{{", "}}") : ("{", "}");
        var prefix = engine == "carbone" ? "d." : "";
        var value = 0;
        for (var paragraph = 0; paragraph < 40; paragraph++)
        {
            var name = Values[value % Values.Length] + (value / Values.Length is > 0 and var copy ? $"{copy}" : "");
            value++;
            body.Add(new XElement(w + "p", Run("The patient has been told in words that can be understood about the course of the operation, its risks and what else could be done; "),
                Run($"{open}{prefix}{name}{close}"), Run(" is noted here. Questions were asked and answered, and time to decide was given before this form was signed on the day named below. ")));
        }

        var row = engine switch
        {
            "carbone" => new[] { Row("name", "{d.medications[i].name}", "{d.medications[i].dose}", "{d.medications[i].schedule}", "{d.medications[i].since}"), Row("next", "{d.medications[i+1].name}", "", "", "") },
            "clinicflow" => [Row("name", "{{#each medications}}{{name}}", "{{dose}}", "{{schedule}}", "{{since}}{{/each}}")],
            _ => [Row("name", "{#medications}{name}", "{dose}", "{schedule}", "{since}{/medications}")],
        };
        body.Add(new XElement(w + "tbl", new XElement(w + "tblPr", new XElement(w + "tblW", new XAttribute(w + "w", "0"), new XAttribute(w + "type", "auto"))),
            new XElement(w + "tblGrid", Enumerable.Repeat(0, 4).Select(_ => new XElement(w + "gridCol", new XAttribute(w + "w", "2200")))),
            Row("head", "Drug", "Dose", "Schedule", "Since"), row));
        body.Add(new XElement(w + "p", Run("Signature")), section);
        return document.ToString(SaveOptions.DisableFormatting);

        XElement Run(string text) => new(w + "r", new XElement(w + "t", new XAttribute(XNamespace.Xml + "space", "preserve"), text));
        XElement Row(string _, params string[] cells) => new(w + "tr", cells.Select(cell => new XElement(w + "tc", new XElement(w + "tcPr", new XElement(w + "tcW", new XAttribute(w + "w", "2200"), new XAttribute(w + "type", "dxa"))), new XElement(w + "p", Run(cell)))));
    }
}
