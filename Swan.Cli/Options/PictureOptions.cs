using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Swan.MLNet.Imaging;

namespace Swan.Cli.Options;

/// <summary>How pictures of satellites are read: the options of every command that reads images.</summary>
internal sealed class PictureOptions
{
    private readonly Option<SampleRange?> _range = new("--range")
    {
        Description = "Samples of more than 8 bits that become black and white: \"values 0 3000\", \"percentile 1 99\" or full. "
            + "Default: the file's tags, else the model's rule.",
        HelpName = "range",
        CustomParser = given => Parsed(given, SampleRange.TryParse(Text(given), out SampleRange? range) ? range : null,
            $"expected {SampleRange.Forms}"),
    };

    private readonly Option<int[]?> _bands = new("--bands")
    {
        Description = "Bands of TIFFs for red, green and blue, counted from 1, such as 4,3,2; or one for gray. Default: those that the "
            + "file marks, else the first three.",
        HelpName = "r,g,b",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = given => Parsed(given, BandList.Parse(Text(given))?.Numbers.ToArray(),
            "expected three numbers from 1, such as 4,3,2, or one for gray"),
    };

    private readonly Option<double?> _noData = new("--nodata")
    {
        Description = "Sample value of TIFFs that means no data. Default: the file's own.",
        HelpName = "n",
        CustomParser = given => Parsed<double?>(
            given, Number(Text(given)) is { } number && !double.IsInfinity(number) ? number : null, "expected a number or nan"),
    };

    private readonly Option<double> _minValid;

    /// <summary>Those of whole images.</summary>
    public PictureOptions() : this("Minimum share of a TIFF's samples that have data, 0 to 1.", new ImageDecodingOptions().MinValidShare)
    {
    }

    /// <param name="minValid">What <c>--min-valid</c> does.</param>
    /// <param name="defaultMinValid">Its value where none is given.</param>
    public PictureOptions(string minValid, double defaultMinValid) => _minValid = new("--min-valid")
    {
        Description = minValid,
        HelpName = "n",
        DefaultValueFactory = _ => defaultMinValid,
        CustomParser = given => Parsed<double?>(given, Number(Text(given)) is >= 0 and <= 1 and var share ? share : null,
            "expected 0 to 1").GetValueOrDefault(),
    };

    /// <summary>Their heading in the help.</summary>
    public const string Heading = "Satellite images";

    /// <summary>The options, in the order of the help.</summary>
    public Option[] All => [_range, _bands, _noData, _minValid];

    /// <summary>What the command line says.</summary>
    public ImageDecodingOptions Read(ParseResult parsed) => new()
    {
        Range = parsed.GetValue(_range),
        Bands = parsed.GetValue(_bands) is { Length: > 0 } bands ? bands : null,
        NoData = parsed.GetValue(_noData),
        MinValidShare = parsed.GetValue(_minValid),
    };

    private static string Text(ArgumentResult given) => given.Tokens[0].Value;

    private static T? Parsed<T>(ArgumentResult given, T? value, string expected)
    {
        if (value is null) given.AddError($"{(given.Parent as OptionResult)?.Option.Name} is '{Text(given)}'; {expected}.");
        return value;
    }

    // One culture, without thousands separators: 0,5 is no number.
    private static double? Number(string text) =>
        text.Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : null;
}
