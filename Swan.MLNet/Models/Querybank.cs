namespace Swan.MLNet.Models;

/// <summary>
/// How a model's text tower is normalised: a caption that is close to many of a bank of training images is moved away from all images, so that it isn't found for
/// each of them. Which images a caption finds doesn't change, nor does their order.
/// </summary>
/// <remarks>
/// Querybank normalisation (Bogolin, Croitoru, Jin, Liu and Albanie, CVPR 2022) with the inverted softmax (Smith, Turban, Hamblin and Hammerla, ICLR 2017), as
/// one more value of both embeddings; see docs/decisions/0016.
/// </remarks>
/// <param name="Images">How many training images' embeddings the model file holds for it.</param>
/// <param name="Temperature">What cosines are divided by before the sum over the bank.</param>
public sealed record Querybank(int Images, double Temperature);
