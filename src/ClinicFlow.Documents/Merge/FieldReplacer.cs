using System.Xml.Linq;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Replaces fields that read the record by marks, from the outside in. Fields that Word lays out stay as they are, with
/// the record fields in them replaced.
/// </summary>
internal sealed class FieldReplacer(Story story, FlowItems items, Func<string, bool> isSetBookmark)
{
    private readonly WordNames _names = story.Names;
    private readonly Runs _runs = new(story.Names);
    private readonly FormFields _forms = new(story, items);

    /// <summary>Replaces a field, and those in it.</summary>
    public void Replace(FoundField field)
    {
        if (IsReplaced(field))
        {
            ReplaceRecordField(field);
        }
        else
        {
            KeepLive(field);
        }
    }

    // A REF to text of the document itself stays: Word keeps it up to date.
    private bool IsReplaced(FoundField field)
        => field.IsOfRecord && (field.Node is not RefField { Bookmark: var bookmark } || isSetBookmark(bookmark));

    private void KeepLive(FoundField field)
    {
        foreach (var nested in field.InInstruction)
        {
            if (IsReplaced(nested))
            {
                var style = StyleOf(nested);
                items[nested.Begin].Element.AddBeforeSelf(_runs.Like(style, new XElement(_names.InstrText, new XAttribute(WordNames.Space, "preserve"),
                    story.Marks.Add(new FieldMark { Node = nested.Node!, Place = nested.PlaceIn(story, items), Raw = nested.Raw }))));
                items.Drop(nested.Begin, nested.End);
            }
            else
            {
                KeepLive(nested);
            }
        }

        _forms.Fill(field);
        foreach (var nested in field.InResult)
        {
            Replace(nested);
        }
    }

    private void ReplaceRecordField(FoundField field)
    {
        var begin = items[field.Begin].Element;
        var place = field.PlaceIn(story, items);
        var raw = field.Raw;
        var node = field.Node!;
        XElement replacement;
        switch (node)
        {
            case IfField condition:
                ReplaceIf(field, condition);
                return;
            case MergeField { Region: not MergeRegion.None } region:
                replacement = RegionOf(region, place, raw, StyleOf(field));
                break;
            case BarcodeField barcode:
                replacement = _runs.Like(StyleOf(field), story.Marks.Add(new BarcodeFieldMark { Field = barcode, Place = place, Raw = raw }));
                break;
            case IncludePictureField picture:
                replacement = _runs.Like(StyleOf(field), story.Marks.Add(new DrawingMark
                {
                    Tag = new Tag.Image(Expression.OfName(raw), default),
                    Field = picture,
                    Place = place,
                    Raw = raw,
                }));
                break;
            default:
                var mark = story.Marks.Add(new FieldMark
                {
                    Node = node,
                    Place = place,
                    Raw = raw,
                    IsSilent = node is SetField or AskField or NextField or NextIfField or SkipIfField,
                    SuppressesBlankLine = node is MergeField,
                    KeepXml = node is MergeField ? XmlOf(field) : null,
                });
                replacement = ((FieldMark)story.Marks.Of(mark)).IsSilent ? mark
                    : _runs.Like(StyleOf(field), new XElement(_names.T, new XAttribute(WordNames.Space, "preserve"), mark));
                break;
        }

        begin.AddBeforeSelf(replacement);
        items.Drop(field.Begin, field.End);
    }

    // What a person sees of a field is its result: its formatting is what the value gets, unless the switch says otherwise.
    private XElement StyleOf(FoundField field)
    {
        XElement? style = null;
        if (field.Separate >= 0 && !(field.Node?.Format.UsesCharFormat ?? false))
        {
            style = items.ShownRun(field.Separate + 1, field.End);
        }

        style ??= items.ShownRun(field.Begin + 1, field.InstructionEnd) ?? items[field.Begin].Element;
        var copy = new XElement(style);
        copy.Element(_names.RPr)?.Element(_names.W + "noProof")?.Remove();
        return copy;
    }

    private byte[]? XmlOf(FoundField field)
    {
        var parent = items[field.Begin].Element.Parent;
        var runs = Enumerable.Range(field.Begin, field.End - field.Begin + 1).Select(i => items[i]).ToArray();
        return runs.All(item => item.Kind == FlowItemKind.Run && item.Element.Parent == parent && !item.Element.Descendants().Any(Mark.Is))
            ? [.. runs.SelectMany(item => ProgramWriter.Serialize(item.Element))]
            : null;
    }

    private XElement RegionOf(MergeField region, Place place, string raw, XElement style)
    {
        var expression = Expression.OfName(region.RegionName);
        return region.Region switch
        {
            MergeRegion.TableStart => Section(SectionRole.Open, new SectionSource.Each(expression, null, null, false)),
            MergeRegion.GroupStart => Section(SectionRole.Open, new SectionSource.Any(expression, false)),
            MergeRegion.Image => _runs.Like(style, story.Marks.Add(new DrawingMark { Tag = new Tag.Image(expression, default), Place = place, Raw = raw })),
            _ => Section(SectionRole.Close, new SectionSource.End(region.RegionName)),
        };

        XElement Section(SectionRole role, SectionSource source)
            => story.Marks.Add(new SectionMark { Role = role, Source = source, Place = place, Raw = raw });
    }

    // IF: its branches stay in place as ordinary content between the boundaries of a section; all else of it goes.
    private void ReplaceIf(FoundField field, IfField condition)
    {
        var place = field.PlaceIn(story, items);
        var raw = field.Raw;
        var otherwise = Boundary(SectionRole.Else, new SectionSource.Otherwise());
        var otherwiseStands = false;
        items[field.Begin].Element.AddBeforeSelf(Boundary(SectionRole.Open, new SectionSource.WordIf(condition)));
        var dropped = new List<(int From, int To)> { (field.Begin, field.Begin) };

        for (var part = 0; part < field.Parts.Count; part++)
        {
            var (item, nested) = field.Sources[part];
            var element = items[item].Element;
            var startsOtherwise = !otherwiseStands && condition.FalseBranch is { } no && no.Start.Part <= part;
            if (field.Parts[part] is InstructionPart.Text { Value: var text } && IsPlainText(element))
            {
                if (IfBranches.Slice(condition.TrueBranch, part, text) is { Length: > 0 } yesText)
                {
                    element.AddBeforeSelf(_runs.Like(element, _runs.Text(yesText)));
                }

                if (startsOtherwise)
                {
                    element.AddBeforeSelf(otherwise);
                    otherwiseStands = true;
                }

                if (IfBranches.Slice(condition.FalseBranch, part, text) is { Length: > 0 } noText)
                {
                    element.AddBeforeSelf(_runs.Like(element, _runs.Text(noText)));
                }

                dropped.Add((item, item));
                continue;
            }

            if (startsOtherwise)
            {
                element.AddBeforeSelf(otherwise);
                otherwiseStands = true;
            }

            if (!IfBranches.Cover(condition, part))
            {
                dropped.Add((item, nested?.End ?? item));
            }
            else if (nested is not null)
            {
                Replace(nested);
            }
            else if (element.Element(_names.InstrText) is { } instrText)
            {
                // A tag in a branch: it prints text now.
                instrText.Name = _names.T;
            }
        }

        var end = items[field.InstructionEnd].Element;
        if (!otherwiseStands && condition.FalseBranch is not null)
        {
            end.AddBeforeSelf(otherwise);
        }

        end.AddBeforeSelf(Boundary(SectionRole.Close, new SectionSource.End("")));
        dropped.Add((field.InstructionEnd, field.End));
        foreach (var (from, to) in dropped)
        {
            items.Drop(from, to);
        }

        XElement Boundary(SectionRole role, SectionSource source)
            => story.Marks.Add(new SectionMark { Role = role, Source = source, Place = place, Raw = raw });

        bool IsPlainText(XElement run) => run.Elements().All(child => child.Name == _names.RPr || child.Name == _names.InstrText || child.Name == _names.T);
    }
}
