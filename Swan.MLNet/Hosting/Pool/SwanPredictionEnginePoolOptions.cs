using Microsoft.Extensions.Options;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Hosting;

/// <summary>
/// Which saved ML.NET pipeline a <see cref="SwanPredictionEnginePool{TData, TPrediction}"/> serves, and how it follows the file.
/// </summary>
public sealed class SwanPredictionEnginePoolOptions
{
    /// <summary>A file that <c>mlContext.Model.Save</c> wrote.</summary>
    /// <remarks>Required.</remarks>
    public string PipelinePath { get; set; } = "";

    /// <summary>
    /// What this machine decides for the pipeline's SWAN embeddings, each time it is loaded (default null: as saved, and as the environment
    /// variables say).
    /// </summary>
    public SwanLoadOptions? Load { get; set; }

    /// <summary>Whether the file is followed at all (default true).</summary>
    /// <remarks>A new content is taken into service when it is whole and can be used.</remarks>
    public bool Reload { get; set; } = true;

    /// <summary>How long the file must stay as it is before it is read.</summary>
    /// <remarks>Default 1 s; 0.01 s to 1 h. Longer than any pause of what writes it in place.</remarks>
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the file is looked at without being told of a change.</summary>
    /// <remarks>
    /// Default 10 s; 0.01 s to 1 day. This finds what watching misses, as on network shares. A new content with the length and time of the
    /// old one is found at every thirtieth look, when the file is read.
    /// </remarks>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the operating system is asked to tell of changes, so that they are found sooner than by looking (default true).
    /// </summary>
    public bool Watch { get; set; } = true;

    /// <summary>Whether a field of the prediction may lack a column in the pipeline and keep its default value.</summary>
    /// <remarks>Default false: such a pipeline is refused, because a renamed column would otherwise answer zeros.</remarks>
    public bool IgnoreMissingColumns { get; set; }

    /// <summary>
    /// Whether the pipeline is loaded when the host starts, which then fails where it can't be used (default false: at its first use).
    /// </summary>
    public bool WarmUp { get; set; }

    internal SwanPredictionEnginePoolOptions Copy() => (SwanPredictionEnginePoolOptions)MemberwiseClone();

    /// <summary>All that is wrong.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(PipelinePath))
            yield return $"{nameof(PipelinePath)} is not set; expected a file that mlContext.Model.Save wrote";
        else if (!File.Exists(PipelinePath))
        {
            yield return $"{nameof(PipelinePath)} is '{PipelinePath}', but there is no such file (looked for "
                + $"'{Path.GetFullPath(PipelinePath)}')";
        }
        if (QuietPeriod < TimeSpan.FromSeconds(0.01) || QuietPeriod > TimeSpan.FromHours(1))
            yield return $"{nameof(QuietPeriod)} is {QuietPeriod}; expected 00:00:00.01 to 01:00:00";
        if (PollInterval < TimeSpan.FromSeconds(0.01) || PollInterval > TimeSpan.FromDays(1))
            yield return $"{nameof(PollInterval)} is {PollInterval}; expected 00:00:00.01 to 1.00:00:00";
    }
}

/// <summary>Reports all that is wrong at once, when the host starts or at the first use.</summary>
internal sealed class SwanPredictionEnginePoolOptionsValidation : IValidateOptions<SwanPredictionEnginePoolOptions>
{
    public ValidateOptionsResult Validate(string? name, SwanPredictionEnginePoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SwanOptionsValidation.Result("SwanPredictionEnginePoolOptions", name, [.. options.Faults()]);
    }
}
