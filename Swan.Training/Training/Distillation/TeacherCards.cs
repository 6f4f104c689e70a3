using Swan.MLNet;
using Swan.MLNet.ModelFiles;

namespace Swan.Training;

/// <summary>Whether models may teach a run, by what their files say.</summary>
internal static class TeacherCards
{
    /// <summary>Refuses teachers whose judgment would mislead, and says what can't be told.</summary>
    /// <param name="options">The run's; its teachers may be none.</param>
    /// <param name="validated">Whether the run holds images back to measure itself on.</param>
    /// <param name="splitBySeed">Whether those are drawn from the training images by the seed.</param>
    /// <param name="say">Told what can't be told from the files.</param>
    /// <returns>
    /// What each teacher has learned from: <see cref="LearnedImageChecks"/> compares it with the images themselves, once they are read.
    /// </returns>
    /// <exception cref="SwanFormatException">A file is not a model.</exception>
    /// <exception cref="SwanMismatchException">A teacher can't teach this run; all such teachers are named.</exception>
    public static IReadOnlyList<LearnedSource> Check(SwanTrainerOptions options, bool validated, bool splitBySeed, Action<string> say)
    {
        List<LearnedSource> teachers = [];
        List<string> faults = [];
        foreach (string path in options.Teachers ?? [])
        {
            SwanModelFile file = SwanModelFile.Read(path);
            ModelCard card = file.Card;
            teachers.Add(new($"the teacher '{path}'", file.LearnedImages));
            if (card.Querybank is not null)
            {
                faults.Add(
                    $"'{path}' is normalized ('swan normalize'), so its cosines have another scale: give the original model");
            }
            if (file.LearnedImages is { IsComplete: true }) continue;
            if (validated && card.TrainedWith(nameof(options.TrainOnValidation)) == "true")
            {
                faults.Add(
                    $"'{path}' was trained with --train-on-validation, so it would leak the images that this run is measured on: "
                    + "give its held-out model, which was trained without those images");
            }
            if (splitBySeed && OtherDraws(options, card) is { Count: > 0 } draws)
            {
                say($"The validation images are drawn by {string.Join(", ", draws.Select(d => d.Here))}, but the teacher '{path}' was "
                    + $"trained with {string.Join(", ", draws.Select(d => d.There))}. If it learned from this folder, it knows some of "
                    + "them, and mR will be too high. Add a val.jsonl to the folder.");
            }
        }

        if (faults.Count > 0) throw new SwanMismatchException($"Some teachers can't teach this run: {string.Join("; ", faults)}.");
        return teachers;
    }

    // What decides which images are held back, where a card says it and it differs.
    private static List<(string Here, string There)> OtherDraws(SwanTrainerOptions options, ModelCard card)
    {
        IReadOnlyDictionary<string, string> here = SwanTrainerOptionsJson.Flatten(options);
        return [.. ((string[])[nameof(options.Seed), nameof(options.ValidateBy), nameof(options.ValidationShare)])
            .Select(property => (Name: SwanTrainerOptionsJson.NameOf(property), There: card.TrainedWith(property)))
            .Where(o => o.There is not null && o.There != here[o.Name])
            .Select(o => ($"{o.Name} {here[o.Name]}", $"{o.Name} {o.There}"))];
    }
}
