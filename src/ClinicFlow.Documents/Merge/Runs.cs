using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>Cutting runs, so that a tag or a part of a field stands in runs of its own with its formatting.</summary>
internal sealed class Runs(WordNames names)
{
    /// <summary>Makes a run with the properties of another.</summary>
    public XElement Like(XElement run, params object[] content)
    {
        var properties = run.Element(names.RPr);
        return new XElement(names.R, properties is null ? null : new XElement(properties), content);
    }

    /// <summary>A text element that keeps its white space.</summary>
    public XElement Text(string text) => new(names.T, new XAttribute(WordNames.Space, "preserve"), text);

    /// <summary>Moves the children of a run from <paramref name="child"/> on to a new run right after it; gives the new run.</summary>
    public XElement SplitBefore(XElement run, XElement child)
    {
        var rest = Like(run);
        var moved = child.NodesAfterSelf().Prepend(child).ToArray();
        foreach (var node in moved)
        {
            node.Remove();
        }

        rest.Add(moved);
        run.AddAfterSelf(rest);
        return rest;
    }

    /// <summary>Cuts a text element at a character and its run with it; gives the run that starts with the second part.</summary>
    public XElement SplitText(XElement run, XElement text, int at)
    {
        var second = new XElement(text.Name, new XAttribute(WordNames.Space, "preserve"), text.Value[at..]);
        text.SetAttributeValue(WordNames.Space, "preserve");
        text.Value = text.Value[..at];
        text.AddAfterSelf(second);
        return SplitBefore(run, second);
    }

    /// <summary>Cuts a run so that each of its children stands in a run of its own.</summary>
    public IReadOnlyList<XElement> SplitAll(XElement run)
    {
        var all = new List<XElement> { run };
        var children = run.Elements().Where(child => child.Name != names.RPr).ToArray();
        for (var i = 1; i < children.Length; i++)
        {
            all.Add(SplitBefore(all[^1], children[i]));
        }

        return all;
    }

    /// <summary>Whether a run shows nothing: it has no content but properties, bookmarks of layout and empty text.</summary>
    public bool IsEmpty(XElement run) => run.Elements().All(child => child.Name == names.RPr || child.Name == names.LastRenderedPageBreak
        || ((child.Name == names.T || child.Name == names.InstrText) && !child.HasElements && child.Value.Length == 0));
}
