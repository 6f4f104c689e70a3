using System.CommandLine;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Options;

/// <summary>What is said of a run before it is embedded.</summary>
internal sealed class EstimateOptions
{
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Print what would be embedded and what it would cost, and write nothing.",
    };

    private readonly Option<int> _sample = new NumberOption<int>("--sample")
    {
        Description = "Images to embed for the estimate of time and bytes, at most a tenth of all and one of each size. "
            + "0 turns it off.",
        HelpName = "n", DefaultValueFactory = _ => 256,
    }.Within(0, 10_000);

    private readonly Option<double?> _price = new OptionalNumberOption<double>("--price-per-hour")
    {
        Description = "Price of an hour on a machine like this one. The estimate then includes a price.", HelpName = "n",
        Fault = price => price >= 0 ? null : "expected 0 or more",
    };

    /// <summary>Adds them to a command.</summary>
    public DocumentedCommand AddTo(DocumentedCommand command) => command.With("Estimate", _dryRun, _sample, _price);

    /// <summary>Reads what is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="onlyDry">Whether the command estimates in a dry run alone.</param>
    /// <exception cref="UsageException">It is asked for where nothing is estimated.</exception>
    public EstimateAsked Read(ParseResult parsed, bool onlyDry = false)
    {
        bool isDry = parsed.GetValue(_dryRun);
        if (onlyDry && !isDry && (parsed.GetResult(_price) ?? parsed.GetResult(_sample)) is { Implicit: false } given)
            throw new UsageException($"{given.Option.Name} requires --dry-run.");
        return new(isDry, parsed.GetValue(_sample), parsed.GetValue(_price));
    }
}

/// <summary>What is asked for.</summary>
/// <param name="IsDry">Whether nothing is written.</param>
/// <param name="Sample">Images that are embedded for it.</param>
/// <param name="PricePerHour">Of a machine; null: none is named.</param>
internal sealed record EstimateAsked(bool IsDry, int Sample, double? PricePerHour);
