using System.Globalization;
using Swan.MLNet.Datasets;

namespace Swan.Training;

/// <summary>Whether there is enough to learn from and to validate on.</summary>
internal static class TrainingDataChecks
{
    /// <summary>Refuses data that nothing can be learned from or measured on.</summary>
    /// <exception cref="SwanDataException">Everything that is wrong.</exception>
    public static void Check(CaptionedImageSet train, CaptionedImageSet? validation, SwanTrainerOptions options)
    {
        var faults = new List<DataFault>();
        int scenes = train.Scenes.OfType<string>().Distinct(StringComparer.Ordinal).Count();
        if (options.SceneWeight > 0 && scenes < 2)
        {
            faults.Add(new(train.Name, 0, string.Create(CultureInfo.InvariantCulture,
                $"the scene weight is {options.SceneWeight}, but the training images have ")
                + (scenes == 0 ? "no scenes, " : "only one scene, ")
                + "so there is nothing to classify. Give each image its scene ('scene' in JSON lines, or 'airport_1.jpg'), or leave the "
                + "scene weight out."));
        }
        if (train.Captions.Count < 2)
        {
            faults.Add(new(train.Name, 0,
                $"the training set has {train.Images.Count} images and {train.Captions.Count} captions: "
                + "too few to tell a right caption from a wrong one. Give at least 2."));
        }
        if (validation is { Images.Count: 0 })
        {
            faults.Add(new(validation.Name, 0,
                "the validation set has no images, so there is no mR to choose the best epoch by. "
                + "Raise the validation share, or give a validation set."));
        }
        if (validation is not null)
        {
            faults.AddRange(validation.Images.Where(i => i.Captions.Count == 0).Select(
                i => new DataFault(validation.Name, 0, $"the validation image '{i.FileName}' has no captions to find it by.")));
        }
        if (faults.Count > 0) throw new SwanDataException(faults);
    }
}
