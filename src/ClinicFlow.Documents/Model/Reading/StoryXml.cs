using System.Runtime.InteropServices;
using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// The XML of one story of a template, in one document after the other. Most documents differ in the texts of their paragraphs alone, and those are left out of the XML:
/// where what remains is the document's before, byte for byte, its elements are too, and only the paragraphs are put in anew. One thread uses it at a time.
/// </summary>
/// <param name="paragraphs">What no record changes.</param>
internal sealed class StoryXml(TemplateParagraphs paragraphs)
{
    // What is longer is not compared: its memory is not to be kept.
    private const int LongestKept = 1 << 20;

    private readonly XmlScanner _scanner = new();
    private readonly ParagraphOutlines _outlines = new();
    private readonly XmlTree _tree = new(paragraphs);
    private List<KeptMark> _marks = [];
    private List<KeptMark> _lastMarks = [];
    private byte[] _xml = new byte[16 * 1024];
    private byte[] _last = [];
    private int _lastLength = -1; // below 0: none

    /// <summary>Reads the story of a document; the elements of the one before are gone.</summary>
    /// <param name="story">The story.</param>
    /// <param name="partName">For messages.</param>
    /// <param name="maxDepth">How deep elements may nest.</param>
    /// <exception cref="TemplatePackageException">It nests too deep.</exception>
    public Element Read(in StoryContent story, string partName, int maxDepth)
    {
        var length = paragraphs.Write(story, _outlines, ref _xml, _marks);
        var xml = _xml.AsSpan(0, length);
        if (length == _lastLength && IsPlacedAsBefore() && xml.SequenceEqual(_last.AsSpan(0, length)))
        {
            _tree.PutKept(CollectionsMarshal.AsSpan(_marks));
            return _tree.Root;
        }

        _lastLength = -1;
        _tree.Clear();
        _scanner.Read(xml, CollectionsMarshal.AsSpan(_marks), _tree, partName, maxDepth);
        if (length <= LongestKept)
        {
            (_xml, _last) = (_last.Length > 0 ? _last : new byte[_xml.Length], _xml);
            (_marks, _lastMarks) = (_lastMarks, _marks);
            _lastLength = length;
        }

        return _tree.Root;
    }

    private bool IsPlacedAsBefore()
    {
        if (_marks.Count != _lastMarks.Count)
        {
            return false;
        }

        for (var i = 0; i < _marks.Count; i++)
        {
            if (_marks[i].Offset != _lastMarks[i].Offset || _marks[i].Id != _lastMarks[i].Id)
            {
                return false;
            }
        }

        return true;
    }
}
