using ClinicFlow.Documents.Data;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ClinicFlow.Bench;

/// <summary>What a programmer writes with the Open XML SDK for the peer form: open a copy, replace texts, clone rows, save.</summary>
internal static class HandMerge
{
    public static int Render(byte[] template, MergeRecord record)
    {
        using var stream = new MemoryStream();
        stream.Write(template);
        using (var document = WordprocessingDocument.Open(stream, isEditable: true))
        {
            var body = document.MainDocumentPart!.Document!.Body!;
            foreach (var row in body.Descendants<TableRow>().Where(row => row.InnerText.Contains("{{#each medications}}", StringComparison.Ordinal)).ToArray())
            {
                record.Values.TryGet("medications", out var list);
                foreach (var item in list.List)
                {
                    var copy = (TableRow)row.CloneNode(true);
                    Replace(copy, item.Group);
                    row.InsertBeforeSelf(copy);
                }

                row.Remove();
            }

            Replace(body, record.Values);
        }

        return (int)stream.Length;
    }

    private static void Replace(DocumentFormat.OpenXml.OpenXmlElement within, MergeObject values)
    {
        foreach (var text in within.Descendants<Text>())
        {
            var at = text.Text.IndexOf("{{", StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            var content = text.Text.Replace("{{#each medications}}", "", StringComparison.Ordinal).Replace("{{/each}}", "", StringComparison.Ordinal);
            foreach (var name in values.Names.All)
            {
                if (values.TryGet(name, out var value) && value.Kind == MergeValueKind.Text)
                {
                    content = content.Replace($"{{{{{name}}}}}", value.Text, StringComparison.Ordinal);
                }
            }

            text.Text = content;
        }
    }
}
