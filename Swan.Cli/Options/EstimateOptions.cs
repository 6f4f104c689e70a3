using System.CommandLine;

namespace Swan.Cli.Options;

/// <summary>What is said of a run before it is embedded.</summary>
internal sealed class EstimateOptions
{
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Say what would be embedded, and what that takes, and write nothing.",
    };

    private readonly Option<int> _sample = new NumberOption<int>("--sample")
    {
        Description = "Images that are embedded to estimate time and bytes, at most a tenth of all. 0 estimates nothing.",
        HelpName = "n", DefaultValueFactory = _ => 256,
    }.Within(0, 10_000);

    private readonly Option<double?> _price = new OptionalNumberOption<double>("--price-per-hour")
    {
        Description = "What an hour of a machine like this one costs: the estimate names a price.", HelpName = "n",
        Fault = price => price >= 0 ? null : "expected 0 or more",
    };

    /// <summary>Adds them to a command.</summary>
    public DocumentedCommand AddTo(DocumentedCommand command) => command.With("Estimate", _dryRun, _sample, _price);

    public EstimateAsked Read(ParseResult parsed) =>
        new(parsed.GetValue(_dryRun), parsed.GetValue(_sample), parsed.GetValue(_price));
}

/// <summary>What is asked for.</summary>
/// <param name="IsDry">Whether nothing is written.</param>
/// <param name="Sample">Images that are embedded for it.</param>
/// <param name="PricePerHour">Of a machine; null: none is named.</param>
internal sealed record EstimateAsked(bool IsDry, int Sample, double? PricePerHour);
