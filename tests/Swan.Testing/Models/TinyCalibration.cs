using Swan.MLNet.Calibration;
using Swan.MLNet.ModelFiles;

namespace Swan.Testing;

/// <summary>A calibration for <see cref="TinyModel"/> that rises with scores and likeness.</summary>
internal static class TinyCalibration
{
    public static SwanCalibration Create(SwanModelFile model, double minProbability = 0.5, double bias = 0)
    {
        float[] rows = [.. TinyModel.DifferentCaptions(30).SelectMany(TinyModel.CaptionEmbedding)];
        double[] any = new double[AnswerFeatures.OfAny], hit = new double[AnswerFeatures.OfHit];
        (any[0], any[1], hit[1], hit[2]) = (2, 2, 2, 2);
        return new SwanCalibration(
            model.Card.Identity!, new SwanCalibrationOrigin("val", "twin", "train", 3),
            ImageBank.Decode(ImageBank.Encode(rows, TinyModel.EmbeddingSize), TinyModel.EmbeddingSize)!,
            new LogisticModel(bias, any), new LogisticModel(bias, hit), minProbability,
            KnownWords.Of(TinyModel.Sentences));
    }
}
