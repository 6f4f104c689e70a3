using Swan.MLNet;
using Swan.MLNet.Calibration;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;
using Swan.Training.DataLoading;
using static System.FormattableString;

namespace Swan.Training.Evaluation;

/// <summary>Fits the calibration that turns a model's scores into probabilities, so a search can say "nothing found".</summary>
/// <remarks>
/// Every caption is a query. It is searched in galleries with its scene's images, which are right, and in galleries without them, where
/// nothing is right. A model that has learned from the images would look better than it is, so it is refused. Fit a twin of the same
/// recipe that has not learned from them instead; <see cref="Apply"/> transfers its calibration to the finished model. Deterministic for a
/// seed.
/// </remarks>
public static class SwanCalibrator
{
    private const int FewestScenes = 4;

    /// <summary>Fits on images that the model has not learned.</summary>
    /// <param name="model">The model. An existing calibration is replaced.</param>
    /// <param name="data">Captioned images with scenes: at least four scenes.</param>
    /// <param name="bank">
    /// Images to compare queries with, preferably those that the model learned from, and captions whose words count as known. None of them
    /// may be in <paramref name="data"/>.
    /// </param>
    /// <param name="options">Null uses the defaults.</param>
    /// <param name="checks">
    /// Further captioned images with scenes, by other people or of other places, for the report only. The model must not have learned from
    /// them, and the bank must not contain them. Case, blanks, hyphens and underscores in scene names don't matter.
    /// </param>
    /// <param name="progress">Receives the number of embedded images: of the bank, then of each set, from 0 again.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The calibrated model, not yet saved, with the same fingerprint; and its report.</returns>
    /// <exception cref="SwanOptionsException">An option is out of range.</exception>
    /// <exception cref="SwanDataException">The data have too few scenes or no captions, or the bank too few images.</exception>
    /// <exception cref="SwanMismatchException">The model has learned from images of the data or a check, or the bank has them.</exception>
    /// <exception cref="SwanImageException">An image can't be read.</exception>
    /// <exception cref="SwanDeviceException">ONNX Runtime or the device is missing.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static (SwanModelFile Model, SwanCalibrationReport Report) Fit(
        SwanModelFile model, CaptionedImageSet data, CaptionedImageSet bank, SwanCalibrationOptions? options = null,
        IReadOnlyList<CaptionedImageSet>? checks = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        Fit(model, data, bank, options, new CalibrationChecks(checks ?? [], null, [], static _ => { }), progress, cancellationToken);

    /// <summary>Fits, and reports on further queries.</summary>
    internal static (SwanModelFile Model, SwanCalibrationReport Report) Fit(
        SwanModelFile model, CaptionedImageSet data, CaptionedImageSet bank, SwanCalibrationOptions? options, CalibrationChecks checks,
        IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(bank);
        options ??= new SwanCalibrationOptions();
        options.Validate();
        string[] scenes = [.. data.Images.Where(i => i.Captions.Count > 0).Select(i => SceneKey.OfAny(i.Scene)).OfType<string>()];
        if (scenes.Distinct().Count() is var count and < FewestScenes)
        {
            throw Unusable(data, Invariant($"its captioned images have {count} different scenes; expected at least {FewestScenes}, ")
                + "because half of them are for the fit and half for the check.");
        }
        // All that can be refused, before the images are embedded.
        var drawn = new CalibrationBank(bank, model.Card.EmbeddingSize, options, cancellationToken);
        foreach (CaptionedImageSet set in checks.Sets.Prepend(data))
        {
            IReadOnlyList<ImageIdentity> its = ImageIdentities.Read(set, cancellationToken);
            checks.Say((set == data ? "" : $"{set.Name}: ") + RefuseLearned(model, set, its, cancellationToken).Sentence(measured: true));
            drawn.Refuse(set.Name, its, cancellationToken);
        }

        using SwanModel opened = SwanModel.Open(model, new SwanModelOptions { Device = options.Device });
        ImageBank images = drawn.Embed(opened, progress, cancellationToken);
        KnownWords words = KnownWords.Of(bank.Captions);
        var gallery = new CalibrationGallery(data, opened, progress, cancellationToken);
        CalibrationQueries captions = Captions(data, opened, cancellationToken);
        IReadOnlyList<CalibrationCase> cases = captions.Ask(gallery, images, drawn.Scenes, options.Seed, cancellationToken);

        HashSet<string> half = CalibrationFit.Half(scenes, options.Seed);
        CalibrationFit Fitted(Func<CalibrationCase, bool> of) =>
            CalibrationFit.Fit([.. cases.Where(of)], options.AnsweredWithoutRight, cancellationToken);
        var check = new CalibrationCheck(
            half, Fitted(c => half.Contains(c.Scene)),
            scenes.Where(s => !half.Contains(s)).ToHashSet(StringComparer.Ordinal), Fitted(c => !half.Contains(c.Scene)));
        CalibrationFit final = Fitted(static _ => true);

        List<SwanCalibrationRow> rows = [.. check.Rows(captions.Name, cases, NotKnown(captions.Texts))];
        foreach (CaptionedImageSet other in checks.Sets)
        {
            CalibrationQueries asked = Captions(other, opened, cancellationToken);
            SayUnknown(checks, check, other, data);
            var its = new CalibrationGallery(other, opened, progress, cancellationToken);
            rows.AddRange(check.Rows(
                asked.Name, asked.Ask(its, images, drawn.Scenes, options.Seed, cancellationToken), NotKnown(asked.Texts)));
        }
        if (checks.Queries is { } meant)
        {
            var asked = new CalibrationQueries(
                meant.Name, [.. meant.Queries.Select(q => q.Query!)],
                [.. meant.Queries.Select(q => q.Scenes!.Select(SceneKey.Of).ToHashSet(StringComparer.Ordinal))], opened, cancellationToken);
            rows.AddRange(check.Rows(
                asked.Name, asked.Ask(gallery, images, drawn.Scenes, options.Seed, cancellationToken), NotKnown(asked.Texts)));
        }
        foreach ((string name, IReadOnlyList<string> texts) in checks.InVain)
        {
            var asked = new CalibrationQueries(name, texts, [], opened, cancellationToken);
            rows.Add(check.InVain(
                name, [.. asked.AskInVain(gallery, images).Select(a => a.Features)], gallery.Scenes.Count, NotKnown(texts)));
        }

        var calibration = new SwanCalibration(
            model.Card.Identity!,
            new SwanCalibrationOrigin(data.Name, model.Card.Identity!.ToString(), bank.Name, options.Seed, drawn.Digest),
            images, final.Any, final.Hit, final.MinProbability, words);
        return (model.WithCalibration(calibration.ToJson()),
            new SwanCalibrationReport(rows, check.Any(cases), check.Hits(cases), final.MinProbability));

        double NotKnown(IReadOnlyList<string> texts) =>
            texts.Count(t => !words.Judge(t, opened.Tokenizer).IsKnown) / (double)Math.Max(1, texts.Count);
    }

    /// <summary>Transfers the calibration of a twin to a model: the numbers are the twin's, and the bank is embedded again.</summary>
    /// <param name="model">The model, of the same recipe as the twin.</param>
    /// <param name="fittedWith">The calibrated twin.</param>
    /// <param name="bank">The images and captions that the twin's bank was drawn from. The same ones are drawn again.</param>
    /// <param name="options">Null uses the defaults. The seed is the twin's.</param>
    /// <param name="progress">Receives the number of bank images done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The calibrated model, not yet saved, with the same fingerprint.</returns>
    /// <exception cref="SwanMismatchException">The twin has no calibration or another form, or its bank is from another
    /// set.</exception>
    /// <exception cref="SwanDataException">The bank has too few images.</exception>
    /// <exception cref="SwanImageException">An image can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static SwanModelFile Apply(
        SwanModelFile model, SwanModelFile fittedWith, CaptionedImageSet bank, SwanCalibrationOptions? options = null,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(fittedWith);
        ArgumentNullException.ThrowIfNull(bank);
        options ??= new SwanCalibrationOptions();
        options.Validate();
        SwanCalibration twin = SwanCalibration.Read(fittedWith) ?? throw new SwanMismatchException(
            $"'{fittedWith.Name}' has no calibration to transfer. Calibrate it first.");
        ThrowIfOtherRecipe(model.Card, fittedWith.Card);
        if (twin.Origin.BankDigest is not { } digest)
        {
            throw new SwanMismatchException(
                $"'{fittedWith.Name}' doesn't list its bank's images (files of earlier versions don't), so they can't be compared with "
                + $"those of '{bank.Name}'. Calibrate it again.");
        }
        options = options with { Seed = twin.Origin.Seed, BankImages = Math.Max(SwanCalibrationOptions.MinBank, twin.BankImages) };
        var drawn = new CalibrationBank(bank, model.Card.EmbeddingSize, options, cancellationToken);
        if (drawn.Digest != digest)
        {
            throw new SwanMismatchException(
                $"The bank of '{fittedWith.Name}' was drawn from '{twin.Origin.Bank}', but '{bank.Name}' gives other images "
                + $"(digest {drawn.Digest[..12]}; expected {digest[..Math.Min(12, digest.Length)]}). Its levels would differ from the "
                + "fitted ones. Give the same images in the same order.");
        }
        using SwanModel opened = SwanModel.Open(model, new SwanModelOptions { Device = options.Device });
        ImageBank images = drawn.Embed(opened, progress, cancellationToken);
        var calibration = new SwanCalibration(
            model.Card.Identity!, twin.Origin, images, twin.Any, twin.Hit, twin.DefaultMinProbability,
            KnownWords.Of(bank.Captions));
        return model.WithCalibration(calibration.ToJson());
    }

    private static void SayUnknown(CalibrationChecks checks, CalibrationCheck check, CaptionedImageSet set, CaptionedImageSet data)
    {
        string[] unknown = [.. set.Images.Select(i => i.Scene).Where(s => SceneKey.OfAny(s) is { } key && !check.Knows(key))
            .OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (unknown.Length == 0) return;
        checks.Say(Invariant($"{set.Name}: {unknown.Length} of its scenes are not in '{data.Name}', such as '{unknown[0]}'. Neither ")
            + "half's fit knows them, so each fit counts half.");
    }

    private static CalibrationQueries Captions(CaptionedImageSet set, SwanModel model, CancellationToken cancellation)
    {
        int[] known = [.. Enumerable.Range(0, set.Captions.Count).Where(c => !string.IsNullOrEmpty(set.Scenes[set.CaptionImage[c]]))];
        if (known.Length == 0)
            throw Unusable(set, "none of its captions belongs to an image with a scene; expected scenes, which define the right answers.");
        return new CalibrationQueries(
            set.Name, [.. known.Select(c => set.Captions[c])],
            [.. known.Select(c => new HashSet<string>(StringComparer.Ordinal) { SceneKey.Of(set.Scenes[set.CaptionImage[c]]!) })], model,
            cancellation);
    }

    private static LearnedImages RefuseLearned(
        SwanModelFile model, CaptionedImageSet set, IReadOnlyList<ImageIdentity> images, CancellationToken cancellation)
    {
        LearnedImages learned = LearnedImages.Compare(model.LearnedImages, images, cancellation);
        if (learned.Learned is { } overlap && LearnedImageChecks.AreTooMany(overlap, images.Count, model.LearnedImages!.Count))
        {
            throw new SwanMismatchException(
                Invariant($"'{model.Name}' has learned from {overlap.Count:N0} of the {images.Count:N0} images of '{set.Name}' ")
                + $"({overlap}). It remembers those, so its probabilities would be too high for all others. Fit a twin of the same recipe "
                + "that has not learned from them, and transfer the calibration to this model: --fitted-with TWIN.");
        }
        return learned;
    }

    private static void ThrowIfOtherRecipe(ModelCard model, ModelCard twin)
    {
        if (model.EmbeddingSize != twin.EmbeddingSize || model.Backbone != twin.Backbone || model.Variant != twin.Variant
            || model.Querybank is null != twin.Querybank is null || model.Text.Contract != twin.Text.Contract)
        {
            throw new SwanMismatchException(
                $"'{twin.Name}' is not a twin of '{model.Name}': they differ in {Differences(model, twin)}, so their scores are on "
                + "different scales. Fit with a model of the same recipe.");
        }
    }

    private static string Differences(ModelCard a, ModelCard b) => string.Join(", ", new[]
    {
        a.EmbeddingSize != b.EmbeddingSize ? Invariant($"the embedding size ({a.EmbeddingSize} and {b.EmbeddingSize})") : null,
        a.Backbone != b.Backbone ? $"the backbone ({a.Backbone} and {b.Backbone})" : null,
        a.Variant != b.Variant ? $"the variant ({a.Variant} and {b.Variant})" : null,
        a.Querybank is null != b.Querybank is null ? "querybank normalization (only one has it)" : null,
        a.Text.Contract != b.Text.Contract ? $"the tokenizer ({a.Text.Contract} and {b.Text.Contract})" : null,
    }.OfType<string>());

    private static SwanDataException Unusable(CaptionedImageSet set, string problem) => new([new DataFault(set.Name, 0, problem)]);
}
