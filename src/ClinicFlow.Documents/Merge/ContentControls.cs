using System.Xml.Linq;
using ClinicFlow.Documents.Fields.Formats;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Makes slots of Word's content controls whose tag or title is a field name: text, rich text, date, checkbox, list,
/// picture, repeating section. A control that the record has no value for keeps its own content, so a template may
/// hold any controls besides.
/// </summary>
internal sealed class ContentControls(Story story)
{
    private readonly WordNames _names = story.Names;

    public void Find()
    {
        // From the inside out: a control around others that were filled is only their container.
        foreach (var control in story.Root.Descendants(_names.Sdt).Reverse().ToArray())
        {
            if (control.Element(_names.SdtPr) is { } properties && control.Element(_names.SdtContent) is { } content
                && NameOf(properties) is { } name)
            {
                Fill(control, properties, content, name);
            }
        }
    }

    private string? NameOf(XElement properties)
    {
        if (properties.Elements().Any(child => child.Name.LocalName is "docPartObj" or "docPartList" or "citation" or "bibliography" or "equation" or "group" or "repeatingSectionItem"))
        {
            return null;
        }

        foreach (var key in new[] { "tag", "alias" })
        {
            if (properties.Element(_names.W + key)?.Attribute(_names.Val)?.Value.Trim() is { Length: > 0 and <= 200 } name
                && name.All(c => Data.FieldPath.IsNameCharacter(c) || c is '.' or ' ') && char.IsLetter(name[0])
                && !name.StartsWith("goog_", StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return null;
    }

    private void Fill(XElement control, XElement properties, XElement content, string name)
    {
        var expression = Expression.OfName(name);
        var place = story.PlaceOf(control, name);
        if (properties.Element(WordNames.W15 + "repeatingSection") is not null)
        {
            Repeat(content, expression, name, place);
            return;
        }

        if (content.Descendants().Any(Mark.Is) || content.Descendants(_names.Sdt).Any())
        {
            return;
        }

        if (properties.Element(WordNames.W14 + "checkbox") is { } checkbox)
        {
            FillCheckbox(checkbox, content, expression, name, place);
            DropWhereFilled(properties, expression, name, place);
            return;
        }

        if (properties.Element(_names.W + "picture") is not null)
        {
            foreach (var blip in content.Descendants().Where(element => element.Name.LocalName == "blip" && element.Attribute(_names.Embed) is not null))
            {
                blip.SetAttributeValue(_names.Embed, story.Marks.AddToAttribute(new PictureMark
                {
                    Expression = expression,
                    OriginalId = blip.Attribute(_names.Embed)!.Value,
                    IsOptional = true,
                    Place = place,
                    Raw = name,
                }));
            }

            return;
        }

        if (content.Descendants(_names.Tbl).Any() || content.Descendants(_names.Drawing).Any() || content.Descendants(_names.Pict).Any()
            || content.Descendants(_names.FldChar).Any() || content.Elements(_names.Tr).Any())
        {
            // More than a value stands in it: it is the author's own content.
            return;
        }

        FillText(content, MarkOf(properties, expression, name, place), expression, name, place);
        DropWhereFilled(properties, expression, name, place);
    }

    private ControlMark MarkOf(XElement properties, Expression expression, string name, Place place)
    {
        if (properties.Element(_names.W + "date") is { } date)
        {
            return new ControlMark
            {
                Kind = ControlValue.Date,
                Expression = expression,
                Picture = DatePicture.TryParse(date.Element(_names.W + "dateFormat")?.Attribute(_names.Val)?.Value ?? "", out var picture) is null ? picture : null,
                Language = date.Element(_names.W + "lid")?.Attribute(_names.Val)?.Value,
                Place = place,
                Raw = name,
            };
        }

        if ((properties.Element(_names.W + "dropDownList") ?? properties.Element(_names.W + "comboBox")) is { } list)
        {
            return new ControlMark
            {
                Kind = ControlValue.EntryShown,
                Expression = expression,
                Entries = [.. list.Elements(_names.W + "listItem").Select(item => (
                    item.Attribute(_names.W + "value")?.Value ?? "",
                    item.Attribute(_names.W + "displayText")?.Value ?? item.Attribute(_names.W + "value")?.Value ?? ""))],
                Place = place,
                Raw = name,
            };
        }

        return new ControlMark { Kind = ControlValue.Text, Expression = expression, Place = place, Raw = name };
    }

    // The first paragraph, or the control's own runs, with one run that holds the value, beside what stands there now.
    private void FillText(XElement content, ControlMark mark, Expression expression, string name, Place place)
    {
        var style = content.Descendants(_names.R).FirstOrDefault();
        var properties = style?.Element(_names.RPr) is { } found ? new XElement(found) : null;
        if (properties?.Element(_names.W + "rStyle")?.Attribute(_names.Val)?.Value == "PlaceholderText")
        {
            properties.Element(_names.W + "rStyle")!.Remove();
        }

        var run = new XElement(_names.R, properties, new XElement(_names.T, new XAttribute(WordNames.Space, "preserve"), story.Marks.Add(mark)));
        var original = content.Nodes().ToArray();
        object filled = run;
        if (content.Descendants(_names.P).FirstOrDefault() is { } paragraph)
        {
            var copy = new XElement(paragraph);
            copy.Elements().Where(child => child.Name != _names.PPr).Remove();
            copy.Add(run);
            filled = content.Element(_names.Tc) is { } cell ? new XElement(_names.Tc, cell.Element(_names.TcPr) is { } tcPr ? new XElement(tcPr) : null, copy) : copy;
        }

        foreach (var node in original)
        {
            node.Remove();
        }

        content.Add(Boundary(SectionRole.Open, expression, name, place), filled, Boundary(SectionRole.Else, expression, name, place), original, Boundary(SectionRole.Close, expression, name, place));
    }

    private void FillCheckbox(XElement checkbox, XElement content, Expression expression, string name, Place place)
    {
        var state = checkbox.Element(WordNames.W14 + "checked");
        if (state is null)
        {
            checkbox.AddFirst(state = new XElement(WordNames.W14 + "checked"));
        }

        var original = state.Attribute(WordNames.W14 + "val")?.Value ?? "0";
        state.SetAttributeValue(WordNames.W14 + "val", story.Marks.AddToAttribute(
            new ControlMark { Kind = ControlValue.Checked, Expression = expression, Original = original, Place = place, Raw = name }));
        if (content.Descendants(_names.R).FirstOrDefault() is not { } run)
        {
            return;
        }

        var shown = run.Elements().FirstOrDefault(child => child.Name == _names.T || child.Name == _names.W + "sym");
        if (shown is null)
        {
            return;
        }

        shown.ReplaceWith(new XElement(_names.T, story.Marks.Add(new ControlMark
        {
            Kind = ControlValue.CheckGlyph,
            Expression = expression,
            Original = shown.Name == _names.T ? shown.Value : "\u2610",
            Glyphs = (Glyph("checkedState", "\u2612"), Glyph("uncheckedState", "\u2610")),
            Place = place,
            Raw = name,
        })));

        string Glyph(string element, string standard)
            => checkbox.Element(WordNames.W14 + element)?.Attribute(WordNames.W14 + "val")?.Value is { } hex
                && int.TryParse(hex, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out var code)
                && System.Text.Rune.IsValid(code) ? new System.Text.Rune(code).ToString() : standard;
    }

    // A filled control is no placeholder any more, and must not be refilled from bound custom XML when Word opens it.
    private void DropWhereFilled(XElement properties, Expression expression, string name, Place place)
    {
        foreach (var child in properties.Elements().Where(child => child.Name == _names.W + "showingPlcHdr" || child.Name.LocalName == "dataBinding").ToArray())
        {
            child.AddBeforeSelf(Boundary(SectionRole.Open, expression, name, place), Boundary(SectionRole.Else, expression, name, place));
            child.AddAfterSelf(Boundary(SectionRole.Close, expression, name, place));
        }
    }

    private void Repeat(XElement content, Expression expression, string name, Place place)
    {
        var items = content.Elements(_names.Sdt).ToArray();
        if (items.Length == 0)
        {
            return;
        }

        // The first item is the pattern; the others are there to be replaced.
        var pattern = new XElement(items[0]);
        items[0].AddBeforeSelf(
            story.Marks.Add(new SectionMark { Role = SectionRole.Open, Source = new SectionSource.Has(expression, IsList: true), Place = place, Raw = name }),
            story.Marks.Add(new SectionMark { Role = SectionRole.Open, Source = new SectionSource.Each(expression, null, null, false), Place = place, Raw = name }),
            pattern,
            story.Marks.Add(new SectionMark { Role = SectionRole.Close, Source = new SectionSource.End("each"), Place = place, Raw = name }),
            Boundary(SectionRole.Else, expression, name, place));
        items[^1].AddAfterSelf(Boundary(SectionRole.Close, expression, name, place));
        story.CopyPlace(items[0], pattern);
    }

    private XElement Boundary(SectionRole role, Expression expression, string name, Place place) => story.Marks.Add(new SectionMark
    {
        Role = role,
        Source = role switch
        {
            SectionRole.Open => new SectionSource.Has(expression),
            SectionRole.Else => new SectionSource.Otherwise(),
            _ => new SectionSource.End(""),
        },
        Place = place,
        Raw = name,
    });
}
