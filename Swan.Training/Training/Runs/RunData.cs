using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Swan.MLNet;
using Swan.MLNet.Datasets;

namespace Swan.Training;

/// <summary>What a run learns from and is measured on: <c>data.json</c>. A resumed run must have the same.</summary>
/// <param name="Train">The training set.</param>
/// <param name="Validation">
/// The validation set: its best epoch is chosen on it, unless it is learned from, too (<see cref="SwanTrainerOptions.TrainOnValidation"/>).
/// Null where there is none.
/// </param>
/// <param name="Teachers">The models whose judgment it learns, too; null without.</param>
/// <param name="Pretrained">
/// The files that it starts from, by the options that name them; null where none is named, or an earlier version began the run.
/// </param>
internal sealed record RunData(
    RunData.Part Train, RunData.Part? Validation, IReadOnlyList<RunData.SourceFile>? Teachers = null,
    IReadOnlyDictionary<string, RunData.SourceFile>? Pretrained = null)
{
    private static readonly string s_init = SwanTrainerOptionsJson.NameOf(nameof(SwanTrainerOptions.Init));

    /// <summary>One set of images.</summary>
    /// <param name="Name">What it is called in reports.</param>
    /// <param name="Images">Number of images.</param>
    /// <param name="Captions">Number of captions.</param>
    /// <param name="Sha256">Of all file names, scenes and captions in order; <see cref="RunImages"/> has the images themselves.</param>
    internal sealed record Part(string Name, int Images, int Captions, string Sha256);

    /// <summary>A teacher, a file of pretrained weights, or the model or run that is started from.</summary>
    /// <param name="Name">Its name, without folders.</param>
    /// <param name="Sha256">Of its bytes; of a run those of its best weights.</param>
    internal sealed record SourceFile(string Name, string Sha256)
    {
        /// <summary>As cards name it.</summary>
        public override string ToString() => $"{Name} ({Sha256[..8]})";
    }

    /// <summary>Describes sets, and the files that options name.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="validation">The validation set, if there is one.</param>
    /// <param name="options">Null leaves the files out.</param>
    public static RunData Describe(CaptionedImageSet train, CaptionedImageSet? validation, SwanTrainerOptions? options = null)
    {
        Dictionary<string, SourceFile> pretrained = [];
        if (options is not null)
        {
            foreach ((string option, string? file) in (ReadOnlySpan<(string, string?)>)[
                (nameof(options.BackboneWeights), options.BackboneWeights), (nameof(options.TextWeights), options.TextWeights),
                (nameof(options.WordVectors), options.WordVectors)])
            {
                // A resumed run that has a checkpoint doesn't read them any more.
                if (file is not null && File.Exists(file)) pretrained[SwanTrainerOptionsJson.NameOf(option)] = Describe(file);
            }
            if (options.Init is { } init && File.Exists(InitialModel.WeightsOf(init)))
            {
                pretrained[s_init] = Describe(InitialModel.WeightsOf(init)) with
                {
                    Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(init)),
                };
            }
        }
        return new(Describe(train), validation is null ? null : Describe(validation),
            options?.Teachers is { Count: > 0 } teachers ? [.. teachers.Select(Describe)] : null,
            pretrained.Count > 0 ? pretrained : null);
    }

    /// <summary>Reads a run's data.json.</summary>
    /// <exception cref="SwanFormatException">The file can't be read.</exception>
    public static RunData Read(SwanRun run)
    {
        string path = run.In(SwanRun.DataFile);
        try
        {
            return JsonSerializer.Deserialize<RunData>(File.ReadAllBytes(path), SwanTrainerOptionsJson.Format) is { Train: not null } data
                && (data.Validation is not null || run.Options.TrainOnValidation) ? data
                : throw new JsonException("it doesn't say what the run trains on, or what it is validated on.");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            throw new SwanFormatException($"'{path}', which describes the run's data, can't be read: {e.Message}", e);
        }
    }

    /// <summary>Refuses other data than the run began with.</summary>
    /// <param name="run">The run.</param>
    /// <param name="now">What is given now; its teachers count where it has some.</param>
    /// <param name="consequence">A sentence: what would come of it.</param>
    /// <exception cref="SwanMismatchException">The data differ.</exception>
    /// <exception cref="SwanFormatException">The file can't be read.</exception>
    public static void Check(SwanRun run, RunData now, string consequence)
    {
        RunData begun = Read(run);
        (string What, Part? Begun, Part? Now)[] parts =
        [
            ("training", begun.Train, now.Train), ("validation", begun.Validation, now.Validation),
        ];
        string[] faults = [.. parts.Where(p => p.Begun?.Sha256 != p.Now?.Sha256).Select(p =>
            $"the {p.What} set had {p.Begun?.Images ?? 0} images and {p.Begun?.Captions ?? 0} captions, and now has {p.Now?.Images ?? 0} "
            + $"and {p.Now?.Captions ?? 0}"
            + $"{(p.Begun?.Images == p.Now?.Images && p.Begun?.Captions == p.Now?.Captions ? ", but others or in another order" : "")}")];
        if (now.Teachers is { } teachers && !teachers.SequenceEqual(begun.Teachers ?? []))
            faults = [.. faults, $"its teachers were {Named(begun.Teachers)}, and are now {Named(teachers)}"];
        faults =
        [
            .. faults,
            .. from file in now.Pretrained ?? new Dictionary<string, SourceFile>()
               where begun.Pretrained?.GetValueOrDefault(file.Key) is { } other && other.Sha256 != file.Value.Sha256
               select $"its {file.Key} {(file.Key == s_init ? "was" : "were")} {begun.Pretrained![file.Key]}, and "
                   + $"{(file.Key == s_init ? "is" : "are")} now {file.Value}",
        ];
        if (faults.Length > 0)
        {
            throw new SwanMismatchException(
                $"The run of '{run.In(SwanRun.DataFile)}' was begun with other data: {string.Join("; ", faults)}. "
                + $"{consequence} Give the original data, files of weights, teachers, seed and validation share, "
                + "or start a new run.");
        }
    }

    private static string Named(IReadOnlyList<SourceFile>? teachers) =>
        teachers is null ? "none" : string.Join(", ", teachers);

    private static SourceFile Describe(string path)
    {
        using FileStream file = File.OpenRead(path);
        return new(Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>What tells a set from others.</summary>
    public static Part Describe(CaptionedImageSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CaptionedImage image in set.Images)
        {
            Add(image.FileName);
            Add(image.Scene ?? "");
            Add(image.Captions.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            foreach (string caption in image.Captions) Add(caption);
        }

        return new(set.Name, set.Images.Count, set.Captions.Count, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
