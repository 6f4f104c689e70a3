using Microsoft.Extensions.Options;
using Swan.MLNet.Generators;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Hosting;

/// <summary>Reports all that is wrong with <see cref="SwanOptions"/> at once, when the host starts or at their first use.</summary>
internal sealed class SwanOptionsValidation : IValidateOptions<SwanOptions>
{
    public ValidateOptionsResult Validate(string? name, SwanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new List<string>();
        // Empty means the model inside the library; blanks are a mistake.
        if (options.ModelPath is { Length: > 0 } path)
        {
            if (string.IsNullOrWhiteSpace(path))
            {
                faults.Add(
                    $"{nameof(options.ModelPath)} is blank; expected the path of a .swan file, such as one that 'swan export' wrote, "
                    + "or nothing for the model inside Swan.MLNet");
            }
            else if (!File.Exists(path))
                faults.Add($"{nameof(options.ModelPath)} is '{path}', but there is no such file (looked for '{Path.GetFullPath(path)}')");
        }
        if (options.Threads < 0) faults.Add($"{nameof(options.Threads)} is {options.Threads}; expected 0 (one per processor) or more");
        Range(nameof(options.MaxImagePixels), options.MaxImagePixels, ImageDecodingOptions.MaxAllowedPixels);
        Range(nameof(options.MaxImageBytes), options.MaxImageBytes, ImageDecodingOptions.MaxAllowedBytes);
        faults.AddRange(ImageDecodingOptions.Faults(options.Bands, options.NoData, options.MinValidShare));
        faults.AddRange(new SwanGeneratorOptions { BatchSize = options.BatchSize, Concurrency = options.Concurrency }.Faults());
        return Result("SwanOptions", name, faults);

        void Range(string property, long value, long most)
        {
            if (value < 1 || value > most) faults.Add($"{property} is {value}; expected 1 to {most}");
        }
    }

    /// <summary>Each fault says whose it is: a host reports those of all its options together.</summary>
    internal static ValidateOptionsResult Result(string options, string? name, List<string> faults)
    {
        string of = string.IsNullOrEmpty(name) ? options : $"{options} '{name}'";
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Select(f => $"{of}: {f}."));
    }
}
