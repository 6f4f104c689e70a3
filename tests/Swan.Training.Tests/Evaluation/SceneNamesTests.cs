using Swan.Training.Evaluation;

namespace Swan.Training.Tests.Evaluation;

public sealed class SceneNamesTests
{
    [Fact]
    public void A_name_is_split_where_captions_split_it_more_often_than_not()
    {
        string[] captions = ["Storage tanks by a river .", "some storage tanks, a bareland", "a bareland", "bare land", "rail way station"];
        Assert.Equal(["storage tanks", "bareland", "river", "railwaystation", "dense residential"],
            SceneNames.InWords(["storagetanks", "bareland", "river", "railwaystation", "dense_residential"], captions));
    }

    [Fact]
    public void Names_that_would_be_the_same_in_words_stay_as_they_are() =>
        Assert.Equal(["bareland", "bare-land"], SceneNames.InWords(["bareland", "bare-land"], ["bare land"]));
}
