using ClinicFlow.Documents.Layout.Pages;
using Xunit;
using static ClinicFlow.Documents.Tests.Equations.Omml;

namespace ClinicFlow.Documents.Tests.Equations;

/// <summary>Where the parts of equations stand (docs/layout.md, "Equations").</summary>
public sealed class EquationLayoutTests
{
    private const double Axis = 0.25 * 11;

    [Fact]
    public void A_bar_lies_on_the_axis_between_numerator_and_denominator()
    {
        var set = SetEquation.Of(Alone(Run("x=") + Fraction(Run("a+b"), Run("2"))));

        var bar = Assert.Single(set.Rules);
        var baseline = set["𝑥"].Baseline;
        Assert.Equal(baseline - Axis, bar.Middle, 0.02);
        Assert.True(set["𝑎"].Bottom < bar.Top && bar.Bottom < set["2"].Top);
        Assert.InRange(set["𝑎"].Left, bar.Left - 0.3, bar.Left + 1);
        Assert.InRange(set["𝑏"].Right, bar.Right - 1, bar.Right + 0.5);
        Assert.Equal((bar.Left + bar.Right) / 2, set["2"].Center, 0.3);
        Assert.Equal("𝑥=𝑎+𝑏2", set.Text);
    }

    [Fact]
    public void A_fraction_among_words_is_smaller_than_one_on_a_line_of_its_own()
    {
        var among = SetEquation.Of(Among("half: ", Fraction(Run("1"), Run("2")), "."));
        var alone = SetEquation.Of(Alone(Fraction(Run("1"), Run("2"))));

        Assert.Equal((0.75 * 11, 0.75 * 11), (among["1"].Size, among["2"].Size));
        Assert.Equal((11.0, 11.0), (alone["1"].Size, alone["2"].Size));
    }

    [Theory]
    [InlineData("noBar")]
    [InlineData("skw")]
    [InlineData("lin")]
    public void Other_fractions_have_no_bar(string type)
    {
        var set = SetEquation.Of(Alone(Fraction(Run("1"), Run("2"), type)));

        Assert.Empty(set.Rules);
        var (over, under) = (set["1"], set["2"]);
        switch (type)
        {
            case "noBar":
                Assert.True(over.Bottom + 1 < under.Top);
                Assert.Equal(over.Center, under.Center, 0.5);
                break;
            case "skw":
                Assert.True(over.Baseline < under.Baseline && over.Right <= set["/"].Left + 1 && set["/"].Right - 1 <= under.Left && set["/"].Height > over.Height * 1.5);
                break;
            default:
                Assert.Equal(over.Baseline, under.Baseline, 0.001);
                Assert.True(over.Right < set["/"].Left + 0.5 && set["/"].Right < under.Left + 0.5);
                break;
        }
    }

    [Fact]
    public void Scripts_are_small_raised_and_lowered_and_those_of_scripts_smaller_still()
    {
        var set = SetEquation.Of(Alone(SubSup(Run("x"), Run("i"), Sup(Run("e"), Run("n")))));

        var (letter, below, above, twice) = (set["𝑥"], set["𝑖"], set["𝑒"], set["𝑛"]);
        Assert.Equal((11.0, 8.25, 8.25, 6.6), (letter.Size, below.Size, above.Size, Math.Round(twice.Size, 3)));
        Assert.True(above.Baseline < letter.Baseline - 3 && below.Baseline > letter.Baseline + 1 && twice.Baseline < above.Baseline);
        Assert.True(above.Bottom < below.Top, "They do not touch.");
        Assert.True(above.Left >= letter.Right - 0.5 && below.Left >= letter.Right - 1);
    }

    [Fact]
    public void Scripts_before_their_base_stand_to_its_left()
    {
        var set = SetEquation.Of(Alone(Pre(Upright("C"), Run("6"), Run("14"))));

        Assert.True(set["6"].Right <= set["C"].Left && set["4"].Right <= set["C"].Left && set["6"].Baseline > set["C"].Baseline && set["4"].Baseline < set["C"].Baseline);
        Assert.Equal(set["6"].Right, set["4"].Right, 0.3);
    }

    [Fact]
    public void A_script_of_something_high_stands_at_its_top()
    {
        var set = SetEquation.Of(Alone(Sup(Brackets(Fraction(Run("a"), Run("b"))), Run("n"))));

        Assert.True(set["𝑛"].Baseline < set["𝑎"].Baseline && set["𝑛"].Left >= set[")"].Right - 1);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("x+y")]
    public void A_root_covers_what_it_is_of(string text)
    {
        var set = SetEquation.Of(Alone(Root(Run(text))));

        Covers(set, Assert.Single(set.Rules), [.. set.Signs.Where(sign => sign.Text != "√")]);
    }

    [Fact]
    public void A_root_grows_with_what_it_is_of_and_its_degree_stands_over_its_arm()
    {
        var small = SetEquation.Of(Alone(Root(Run("x"))))["√"];
        var set = SetEquation.Of(Alone(Root(Fraction(Fraction(Run("a"), Run("b")), Fraction(Run("c"), Run("d"))), Run("3"))));

        Assert.True(set["√"].Height > 2 * small.Height);
        Covers(set, set.Rules.MinBy(rule => rule.Top)!, [.. set.Signs.Where(sign => sign.Text is not ("√" or "3"))]);
        var degree = set["3"];
        Assert.Equal(6.6, degree.Size, 0.01);
        Assert.True(degree.Left <= set["√"].Left + 3 && degree.Right < set["√"].Right && degree.Bottom < set["√"].Middle + 3);
    }

    private static void Covers(SetEquation set, SetEquation.Rule line, SetEquation.Sign[] content)
    {
        var root = set["√"];
        Assert.Equal(root.Top, line.Top, 0.3);
        Assert.Equal(root.Right, line.Left, 0.7);
        Assert.All(content, sign => Assert.True(sign.Top > line.Bottom && sign.Left > root.Left && sign.Right < line.Right + 1.5 && sign.Bottom <= root.Bottom + 1, $"{sign} under {line}, {root}"));
    }

    [Fact]
    public void A_sum_on_a_line_of_its_own_is_large_with_limits_below_and_above()
    {
        var math = Nary("∑", Run("i=1"), Run("n"), Run("x"));
        var alone = SetEquation.Of(Alone(math));
        var among = SetEquation.Of(Among("so ", math, "."));

        var (sum, above, below) = (alone["∑"], alone["𝑛"], alone["𝑖"]);
        Assert.True(above.Bottom < sum.Top && sum.Bottom < below.Top);
        Assert.Equal(sum.Center, above.Center, 1.0);
        Assert.True(alone["𝑥"].Left > sum.Right);
        Assert.Equal(alone["𝑥"].Baseline - Axis, sum.Middle, 0.5);
        Assert.True(among["∑"].Height < sum.Height);
        Assert.True(among["𝑛"].Left >= among["∑"].Right - 0.5 && among["𝑖"].Left >= among["∑"].Right - 0.5, "Among words they stand beside it.");
        Assert.Equal("∑𝑖=1𝑛𝑥", alone.Text);
    }

    [Fact]
    public void Limits_stand_where_the_author_says_and_hidden_ones_are_left_out()
    {
        var beside = SetEquation.Of(Alone(Nary("∑", Run("k"), Run("n"), Run("x"), "<m:limLoc m:val=\"subSup\"/>")));
        var around = SetEquation.Of(Alone(Nary("∫", Run("a"), Run("b"), Run("x"), "<m:limLoc m:val=\"undOvr\"/>")));
        var hidden = SetEquation.Of(Alone(Nary("∫", Run("a"), Run("b"), Run("x"), "<m:subHide m:val=\"1\"/><m:supHide m:val=\"1\"/>")));

        Assert.True(beside["𝑛"].Left >= beside["∑"].Right - 0.5);
        Assert.True(around["𝑏"].Bottom < around["∫"].Top && around["𝑎"].Top > around["∫"].Bottom);
        Assert.Equal("∫𝑥", hidden.Text);
        Assert.All([beside, around, hidden], set => Assert.True(set["𝑥"].Left > set.Signs[0].Right, "What follows is clear of the sign."));
    }

    [Fact]
    public void Without_a_word_integrals_have_limits_beside_them_and_sums_below_and_above()
    {
        var math = $"<m:nary><m:naryPr/><m:sub>{Run("a")}</m:sub><m:sup>{Run("b")}</m:sup><m:e>{Run("x")}</m:e></m:nary>";
        var beside = SetEquation.Of(Alone(math));
        var around = SetEquation.Of(Alone(math), "<m:intLim m:val=\"undOvr\"/>");

        Assert.True(beside["𝑏"].Left >= beside["∫"].Center && beside["𝑏"].Bottom > beside["∫"].Top);
        Assert.True(around["𝑏"].Bottom < around["∫"].Top);
    }

    [Fact]
    public void Brackets_grow_with_what_they_hold()
    {
        var small = SetEquation.Of(Alone(Brackets(Run("x"))));
        var middle = SetEquation.Of(Alone(Brackets(Fraction(Run("x"), Run("y")))));
        var large = SetEquation.Of(Alone(Brackets(Matrix([.. Enumerable.Range(0, 12).Select(_ => new[] { Run("x") })]))));
        var still = SetEquation.Of(Alone(Brackets(Fraction(Run("x"), Run("y")), "<m:grow m:val=\"0\"/>")));

        Assert.True(middle["("].Height > 1.5 * small["("].Height && large["("].Height > 4 * middle["("].Height);
        Assert.Equal(small["("].Height, still["("].Height, 0.01);
        Assert.All([middle, large], set =>
        {
            var (top, bottom) = (set.Signs.Where(sign => sign.Text is not ("(" or ")")).Min(sign => sign.Top), set.Signs.Where(sign => sign.Text is not ("(" or ")")).Max(sign => sign.Bottom));
            Assert.InRange(set["("].Top, top - 14, top + ((bottom - top) * 0.06));
            Assert.InRange(set["("].Bottom, bottom - ((bottom - top) * 0.06), bottom + 14);
            Assert.True(set["("].Right < set.Signs.Where(sign => sign.Text is not ("(" or ")")).Min(sign => sign.Left) + 1);
        });

        // Pieces of one sign lie on each other without a gap.
        Assert.Equal(large["("].Top, large[")"].Top, 0.01);
    }

    [Theory]
    [InlineData("<m:begChr m:val=\"[\"/><m:endChr m:val=\"⌋\"/>", "[𝑥⌋")]
    [InlineData("<m:begChr m:val=\"{\"/><m:endChr m:val=\"\"/>", "{𝑥")]
    [InlineData("<m:begChr/><m:endChr m:val=\"|\"/>", "𝑥|")]
    [InlineData("<m:begChr m:val=\"‖\"/><m:endChr m:val=\"⟩\"/>", "‖𝑥⟩")]
    public void Brackets_are_any_signs_or_none(string properties, string text) => Assert.Equal(text, SetEquation.Of(Alone(Brackets(Run("x"), properties))).Text);

    [Fact]
    public void Parts_in_brackets_have_signs_between_them()
    {
        var set = SetEquation.Of(Alone($"<m:d><m:dPr/><m:e>{Run("x")}</m:e><m:e>{Run("y")}</m:e><m:e>{Run("z")}</m:e></m:d>"));

        Assert.Equal("(𝑥|𝑦|𝑧)", set.Text);
        Assert.Equal(set.Signs.Select(sign => sign.Left).Order(), set.Signs.Select(sign => sign.Left));
    }

    [Fact]
    public void A_function_and_its_limit()
    {
        var set = SetEquation.Of(Alone(Run("2") + Function(Limit(Upright("lim"), Run("n→∞")), Run("x"))));

        Assert.Equal("2lim𝑛→∞𝑥", set.Text);
        Assert.Equal(11, set["m"].Size);
        Assert.True(set["∞"].Top > set["m"].Baseline && set["∞"].Size < 9);
        Assert.True(set["𝑥"].Left - set["m"].Right > 1, "A little room stands between a function and its argument.");
    }

    [Theory]
    [InlineData("x=y", 5 / 18.0)]
    [InlineData("x+y", 4 / 18.0)]
    public void Operators_have_room_by_what_they_are(string text, double room)
    {
        var spaced = SetEquation.Of(Alone(Run(text)));
        var close = SetEquation.Of(Alone(Run(text, "<m:nor/>")));

        // The letters stand twice the room further apart than in ordinary text (whose letters are upright, so by their origins).
        var sign = text[1].ToString();
        Assert.Equal(2 * room * 11, spaced["𝑦"].Left - spaced["𝑥"].Right - (spaced[sign].Right - spaced[sign].Left) - Bearings(spaced, sign), 0.01);
        Assert.Equal(text, close.Text);

        static double Bearings(SetEquation set, string sign)
        {
            // What of the distance is in the outlines' own bearings: measured where there is no room, in a script.
            var script = SetEquation.Of(Alone(Sup(Run("k"), Run($"x{sign}y"))));
            return (script["𝑦"].Left - script["𝑥"].Right - (script[sign].Right - script[sign].Left)) * 11 / 8.25;
        }
    }

    [Fact]
    public void A_sign_before_a_number_has_no_room_and_minus_is_a_minus()
    {
        var set = SetEquation.Of(Alone(Run("x=-1")));

        Assert.Equal("𝑥=−1", set.Text);
        Assert.True(set["1"].Left - set["−"].Right < set["−"].Left - set["="].Right);
    }

    [Fact]
    public void Accents_bars_and_braces_stand_over_and_under_what_they_belong_to()
    {
        var set = SetEquation.Of(
            Alone("<m:acc><m:accPr><m:chr m:val=\"̂\"/></m:accPr><m:e>" + Run("x") + "</m:e></m:acc>")
            + Alone("<m:bar><m:barPr><m:pos m:val=\"top\"/></m:barPr><m:e>" + Run("y") + "</m:e></m:bar>")
            + Alone("<m:groupChr><m:groupChrPr/><m:e>" + Run("a+b+c") + "</m:e></m:groupChr>"));

        Assert.True(set["\u0302"].Bottom < set["𝑥"].Top + 0.5);
        Assert.InRange(set["\u0302"].Center, set["𝑥"].Left, set["𝑥"].Right + 1);
        var bar = Assert.Single(set.Rules);
        Assert.True(bar.Bottom < set["𝑦"].Top && bar.Left <= set["𝑦"].Left + 0.5 && bar.Right >= set["𝑦"].Right - 1.5);
        var brace = set["⏟"];
        Assert.True(brace.Top > set["𝑎"].Bottom && Math.Abs(brace.Left - set["𝑎"].Left) < 3 && Math.Abs(brace.Right - set["𝑐"].Right) < 3);
    }

    [Fact]
    public void A_matrix_has_columns_and_rows_around_the_axis()
    {
        var set = SetEquation.Of(Alone(Run("A=") + Matrix([[Run("a"), Run("b")], [Run("c"), Run("d")]])));

        Assert.Equal(set["𝑎"].Baseline, set["𝑏"].Baseline, 0.01);
        Assert.Equal(set["𝑎"].Center, set["𝑐"].Center, 1.0);
        Assert.True(set["𝑏"].Left - set["𝑎"].Right > 8);
        Assert.InRange(set["𝑐"].Baseline - set["𝑎"].Baseline, 13, 14);
        Assert.Equal(set["𝐴"].Baseline - Axis, (set["𝑎"].Top + set["𝑐"].Bottom) / 2, 1.5);
        Assert.Equal("𝐴=𝑎𝑏𝑐𝑑", set.Text);
    }

    [Fact]
    public void Columns_of_a_matrix_are_aligned_as_they_say()
    {
        var set = SetEquation.Of(Alone(Matrix([[Run("1"), Run("2")], [Run("333"), Run("444")]], "<m:mcs><m:mc><m:mcPr><m:count m:val=\"1\"/><m:mcJc m:val=\"left\"/></m:mcPr></m:mc><m:mc><m:mcPr><m:count m:val=\"1\"/><m:mcJc m:val=\"right\"/></m:mcPr></m:mc></m:mcs>")));

        var (threes, fours) = (set.Signs.Where(sign => sign.Text == "3").ToArray(), set.Signs.Where(sign => sign.Text == "4").ToArray());
        Assert.True(set["1"].Right < threes[1].Left + 3 && set["2"].Left > fours[1].Right - 3);
    }

    [Fact]
    public void Rows_of_an_array_meet_at_their_marks()
    {
        var set = SetEquation.Of(Alone(Array(Run("x+y&amp;=1"), Run("2z&amp;=34"))));

        var equals = set.Signs.Where(sign => sign.Text == "=").ToArray();
        Assert.Equal(equals[0].Left, equals[1].Left, 0.01);
        Assert.True(set["𝑥"].Left < set["2"].Left);
        Assert.Equal("𝑥+𝑦=12𝑧=34", set.Text);
    }

    [Fact]
    public void A_number_stands_at_the_end_of_the_line()
    {
        var set = SetEquation.Of(Alone($"<m:eqArr><m:eqArrPr><m:maxDist m:val=\"1\"/></m:eqArrPr><m:e>{Run("a=b#")}{Brackets(Run("7"))}</m:e></m:eqArr>"));

        Assert.Equal(SetEquation.Right, set[")"].Right, 1.0);
        Assert.Equal((SetEquation.Left + SetEquation.Right) / 2, (set["𝑎"].Left + set["𝑏"].Right) / 2, 1.0);
        Assert.Equal(set["𝑎"].Baseline, set["7"].Baseline, 0.01);
    }

    [Fact]
    public void A_box_is_drawn_around_and_phantoms_take_room_without_a_mark()
    {
        var box = SetEquation.Of(Alone($"<m:borderBox><m:e>{Run("x")}</m:e></m:borderBox>"));
        var phantom = SetEquation.Of(Alone(Run("a") + $"<m:phant><m:phantPr><m:show m:val=\"0\"/></m:phantPr><m:e>{Run("xxx")}</m:e></m:phant>" + Run("b")));

        Assert.Equal(4, box.Rules.Count);
        Assert.True(box.Rules.Min(rule => rule.Left) < box["𝑥"].Left && box.Rules.Max(rule => rule.Right) > box["𝑥"].Right && box.Rules.Min(rule => rule.Top) < box["𝑥"].Top && box.Rules.Max(rule => rule.Bottom) > box["𝑥"].Bottom);
        Assert.Equal("𝑎𝑏", phantom.Text);
        Assert.True(phantom["𝑏"].Left - phantom["𝑎"].Right > 15);
    }

    [Theory]
    [InlineData("", "x", "𝑥")]
    [InlineData("<m:sty m:val=\"p\"/>", "x1", "x1")]
    [InlineData("<m:sty m:val=\"b\"/>", "xA1", "𝐱𝐀𝟏")]
    [InlineData("<m:sty m:val=\"bi\"/>", "xα", "𝒙𝜶")]
    [InlineData("", "hαβ", "ℎ𝛼𝛽")]
    [InlineData("<m:scr m:val=\"double-struck\"/>", "RAk", "ℝ𝔸𝕜")]
    [InlineData("<m:scr m:val=\"script\"/>", "LA", "ℒ𝒜")]
    [InlineData("<m:scr m:val=\"fraktur\"/>", "CA", "ℭ𝔄")]
    [InlineData("<m:scr m:val=\"monospace\"/>", "a0", "𝚊𝟶")]
    [InlineData("<m:nor/>", "if x", "ifx")]
    public void Letters_have_the_forms_that_their_style_asks_for(string properties, string text, string drawn) => Assert.Equal(drawn, SetEquation.Of(Alone(Run(text, properties))).Text);

    [Theory]
    [InlineData("left", SetEquation.Left, double.NaN)]
    [InlineData("right", double.NaN, SetEquation.Right)]
    [InlineData("center", double.NaN, double.NaN)]
    public void An_equation_of_its_own_stands_where_its_alignment_says(string alignment, double left, double right)
    {
        var set = SetEquation.Of(Displayed(alignment, Upright("AB")));

        var (from, to) = (set["A"].Left, set["B"].Right);
        Assert.Equal(double.IsNaN(left) && double.IsNaN(right) ? (SetEquation.Left + SetEquation.Right) / 2 : 0, double.IsNaN(left) && double.IsNaN(right) ? (from + to) / 2 : 0, 0.5);
        Assert.Equal(double.IsNaN(left) ? 0 : left, double.IsNaN(left) ? 0 : from, 1.0);
        Assert.Equal(double.IsNaN(right) ? 0 : right, double.IsNaN(right) ? 0 : to, 1.0);
    }

    [Fact]
    public void The_documents_alignment_and_margins_hold_where_the_equation_says_nothing()
    {
        var set = SetEquation.Of(Alone(Upright("AB")), "<m:defJc m:val=\"left\"/><m:lMargin m:val=\"400\"/>");

        Assert.Equal(SetEquation.Left + 20, set["A"].Left, 0.6);
    }

    [Fact]
    public void Equations_of_one_group_begin_below_each_other_and_the_group_stands_in_the_middle()
    {
        var set = SetEquation.Of(Alone(Upright("A=1"), Upright("BBBB=2222"), Upright("C")));

        Assert.Equal(set["A"].Left, set.Signs.First(sign => sign.Text == "B").Left, 0.6);
        Assert.Equal(set["A"].Left, set["C"].Left, 0.6);
        Assert.Equal((SetEquation.Left + SetEquation.Right) / 2, (set.Signs.First(sign => sign.Text == "B").Left + set.Signs.Last(sign => sign.Text == "2").Right) / 2, 0.6);
        Assert.True(set["A"].Baseline < set["C"].Baseline - 20);
    }

    [Fact]
    public void An_equation_that_is_too_long_goes_on_at_an_operator_an_inch_further_in()
    {
        var set = SetEquation.Of(Alone(Run("y=") + string.Concat(Enumerable.Repeat(Run("aaaaaaaa+"), 20)) + Run("z")));

        var lines = set.Signs.GroupBy(sign => Math.Round(sign.Baseline, 1)).Select(line => line.ToArray()).ToArray();
        Assert.True(lines.Length > 1);
        Assert.All(lines.Skip(1), line =>
        {
            Assert.Equal("+", line[0].Text);
            Assert.Equal(lines[0][0].Left + 72, line[0].Left, 1.0);
        });
        Assert.All(set.Signs, sign => Assert.InRange(sign.Right, SetEquation.Left, SetEquation.Right + 0.5));
    }

    [Fact]
    public void Among_words_a_line_ends_at_an_operator_and_never_between_an_equation_and_its_full_stop()
    {
        for (var words = 60; words < 96; words++)
        {
            var set = SetEquation.Of(Among(new string('n', words) + " ", Run("abc=def"), ". End"));

            var (first, last, stop) = (set["𝑑"], set["𝑓"], set["."]);
            Assert.Equal(first.Baseline, last.Baseline, 0.01);
            Assert.Equal(last.Baseline, stop.Baseline, 0.01);
            Assert.Equal(set["="].Baseline, first.Baseline, 0.01);
        }
    }

    [Fact]
    public void An_equation_of_its_own_among_text_has_a_line_to_itself()
    {
        var set = SetEquation.Of($"<w:p><w:r><w:t>M</w:t></w:r><m:oMathPara {Names}><m:oMath>{Upright("A")}</m:oMath></m:oMathPara><w:r><w:t xml:space=\"preserve\"> N</w:t></w:r></w:p>");

        Assert.Equal("MAN", set.Text);
        Assert.True(set["M"].Baseline + 10 < set["A"].Baseline && set["A"].Baseline + 10 < set["N"].Baseline);
        Assert.Equal((SetEquation.Left + SetEquation.Right) / 2, set["A"].Center, 0.5);
        Assert.Equal(set["M"].Left, set["N"].Left, 0.6);
    }

    [Fact]
    public void A_line_makes_room_for_what_is_high()
    {
        var set = SetEquation.Of(Among("Above", "", "") + Among("x ", Fraction(Fraction(Run("a"), Run("b")), Run("c")), " y") + Among("Below", "", ""));

        Assert.True(set.Signs.First(sign => sign.Text == "A").Bottom < set["𝑎"].Top);
        Assert.True(set["𝑐"].Bottom < set.Signs.First(sign => sign.Text == "B").Top);
    }

    [Fact]
    public void An_equation_is_a_formula_with_its_text()
    {
        var set = SetEquation.Of(Among("so ", Run("x=") + Fraction(Run("a+b"), Run("2")), "."));

        var formula = Assert.Single(set.Document.Structure.Nodes, node => node.Role == StructureRole.Formula);
        Assert.Equal("x=(a+b)/2", formula.AlternativeText);
        Assert.Equal(StructureRole.Paragraph, set.Document.Structure.Nodes[formula.Parent].Role);

        // All that it draws is of it: the bar as well.
        var fragment = set.Document.Pages[0].Placements.Single(placement => placement.Fragment.Fills.Length > 0).Fragment;
        Assert.Equal(1, fragment.Items.Single(item => item.Kind == PageItemKind.Fill).Structure);
    }

    [Fact]
    public void In_text_from_right_to_left_an_equation_reads_from_left_to_right()
    {
        var set = SetEquation.Of($"<w:p><w:pPr><w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space=\"preserve\">שלום </w:t></w:r><m:oMath {Names}>{Run("a+b=c")}</m:oMath><w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space=\"preserve\"> עולם</w:t></w:r></w:p>");

        string[] order = ["𝑎", "+", "𝑏", "=", "𝑐"];
        Assert.Equal(order, order.Select(text => set[text]).OrderBy(sign => sign.Left).Select(sign => sign.Text));
    }
}
