using System.CommandLine;
using System.Globalization;
using Swan.Cli.Options;

namespace Swan.Cli.Tests.Options;

/// <summary>Numbers on the command line, under cultures that write them otherwise.</summary>
public sealed class NumberOptionTests
{
    // Point for thousands and comma for fractions (German, Turkish), or a blank and a comma (French).
    public static TheoryData<string, string> Separators => new() { { ",", "." }, { ",", "\u202F" }, { ".", "," }, { "\u066B", "\u066C" } };

    public static TheoryData<string> NumbersOfCommands => [.. SwanCommand.Create().Subcommands
        .SelectMany(command => command.Options.Where(o => IsNumber(o.ValueType)).Select(o => $"{command.Name} {o.Name}"))];

    [Theory]
    [MemberData(nameof(Separators))]
    public void A_number_is_read_as_the_help_prints_it(string fraction, string thousands) => Under(fraction, thousands, () =>
    {
        var option = new NumberOption<double>("--rate");
        Assert.Equal(0.0002, Value("0.0002"));
        Assert.Equal(-1.5e-3, Value("-1.5e-3"));

        double Value(string text) => new RootCommand { option }.Parse(["--rate", text]).GetValue(option);
    });

    [Theory]
    [MemberData(nameof(Separators))]
    public void A_number_with_a_comma_is_refused_with_words(string fraction, string thousands) => Under(fraction, thousands, () =>
    {
        foreach (string text in (string[])["0,0002", "1,000", "1.000,5", "1 000", "NaN", "1e999", "", " 1"])
        {
            string error = Assert.Single(new RootCommand { new NumberOption<double>("--rate") }.Parse(["--rate", text]).Errors).Message;
            Assert.Equal($"--rate is '{text}'; expected a number such as 0.0002, with a point and without commas.", error);
        }
    });

    [Fact]
    public void A_whole_number_has_digits_only()
    {
        foreach (string text in (string[])["1.0", "1,000", "1e3", "99999999999"])
        {
            string error = Assert.Single(new RootCommand { new NumberOption<int>("--count") }.Parse(["--count", text]).Errors).Message;
            Assert.Equal($"--count is '{text}'; expected a number such as 20.", error);
        }
    }

    [Theory]
    [InlineData("--shards", "0", "expected 1 to 99999.")]
    [InlineData("--shards", "100000", "expected 1 to 99999.")]
    [InlineData("--rows-per-shard", "0", "expected 1 to 100000.")]
    [InlineData("--max-bad", "2", "expected 0 to 1.")]
    public void A_number_outside_its_range_is_refused_by_its_flag(string option, string value, string expected) => Assert.Contains(
        SwanCommand.Create().Parse(["embed", "--images", "x", "--out", "y", option, value]).Errors,
        e => e.Message == $"{option} is {value}; {expected}");

    [Fact]
    public void An_option_that_is_not_given_is_null()
    {
        var option = new OptionalNumberOption<int>("--count");
        var command = new RootCommand { option };
        Assert.Equal((null, 7), (command.Parse([]).GetValue(option), command.Parse(["--count", "7"]).GetValue(option)));
    }

    [Theory]
    [MemberData(nameof(NumbersOfCommands))]
    public void Every_number_of_every_command_refuses_a_comma(string option)
    {
        string[] names = option.Split(' ');
        Assert.Contains(SwanCommand.Create().Parse([names[0], names[1], "0,5"]).Errors,
            e => e.Message.StartsWith($"{names[1]} is '0,5'; expected", StringComparison.Ordinal)
                || e.Message.Contains("Must be one of", StringComparison.Ordinal));
    }

    private static bool IsNumber(Type type) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal && !type.IsEnum;

    private static void Under(string fraction, string thousands, Action test)
    {
        CultureInfo before = CultureInfo.CurrentCulture, culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (fraction, thousands);
        CultureInfo.CurrentCulture = culture;
        try
        {
            test();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
