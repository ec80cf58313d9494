using System.Xml.Linq;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>Fills legacy form fields: text, checkboxes, drop-down lists.</summary>
internal sealed class FormFields(Story story, FlowItems items)
{
    private readonly WordNames _names = story.Names;
    private readonly Runs _runs = new(story.Names);

    /// <summary>A form field is filled where the record has a value of its bookmark's name, and stays as it is where not.</summary>
    public void Fill(FoundField field)
    {
        var data = items[field.Begin].Element.Element(_names.FldChar)?.Element(_names.FfData);
        var name = data?.Element(_names.Name)?.Attribute(_names.Val)?.Value;
        if (data is null || string.IsNullOrWhiteSpace(name))
        {
            return;
        }

        var expression = Expression.OfName(name);
        var place = field.PlaceIn(story, items);
        if (data.Element(_names.W + "checkBox") is { } checkBox)
        {
            var isChecked = checkBox.Element(_names.W + "checked");
            var original = isChecked is null ? checkBox.Element(_names.W + "default")?.Attribute(_names.Val)?.Value ?? "0" : isChecked.Attribute(_names.Val)?.Value ?? "1";
            isChecked?.Remove();
            checkBox.Add(new XElement(_names.W + "checked", new XAttribute(_names.Val, story.Marks.AddToAttribute(
                new ControlMark { Kind = ControlValue.Checked, Expression = expression, Original = original, Place = place, Raw = name }))));
        }
        else if (data.Element(_names.W + "ddList") is { } list)
        {
            var result = list.Element(_names.W + "result");
            var entries = list.Elements(_names.W + "listEntry").Select(entry => entry.Attribute(_names.Val)?.Value ?? "").ToArray();
            var original = result?.Attribute(_names.Val)?.Value ?? list.Element(_names.W + "default")?.Attribute(_names.Val)?.Value ?? "0";
            result?.Remove();
            list.AddFirst(new XElement(_names.W + "result", new XAttribute(_names.Val, story.Marks.AddToAttribute(new ControlMark
            {
                Kind = ControlValue.EntryIndex,
                Expression = expression,
                Original = original,
                Entries = [.. entries.Select(entry => (entry, entry))],
                Place = place,
                Raw = name,
            }))));
        }
        else if (field.Separate >= 0 && items[field.Separate].Element.Parent == items[field.End].Element.Parent)
        {
            var style = items.ShownRun(field.Separate + 1, field.End) ?? items[field.Separate].Element;
            items[field.Separate].Element.AddAfterSelf(
                Boundary(SectionRole.Open, new SectionSource.Has(expression)),
                _runs.Like(style, new XElement(_names.T, new XAttribute(WordNames.Space, "preserve"),
                    story.Marks.Add(new ControlMark { Kind = ControlValue.Text, Expression = expression, Place = place, Raw = name }))),
                Boundary(SectionRole.Else, new SectionSource.Otherwise()));
            items[field.End].Element.AddBeforeSelf(Boundary(SectionRole.Close, new SectionSource.End("")));
        }

        XElement Boundary(SectionRole role, SectionSource source)
            => story.Marks.Add(new SectionMark { Role = role, Source = source, Place = place, Raw = name });
    }
}
