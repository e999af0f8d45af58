//! Tags. What an annotated one says of itself is asked for one by one.

use lodge_forge::{Resource, Tag};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{ProviderError, RepositoryRef};

use crate::{
    azure::{Azure, all},
    payload::{
        List, Text, branch::RefPayload, commit::UserDatePayload, short_name, tag::TagPayload,
    },
    place::Place,
    references::continued,
};

const KIND: &str = "tags";

impl Azure {
    pub(crate) async fn list_tags(
        &self,
        repository: &RepositoryRef,
        page: &PageRequest,
    ) -> Result<Page<Tag>, ProviderError> {
        let place = Place::of(repository)?;
        let answer = self.references(&place, "tags/", KIND, page).await?;
        let told: List<RefPayload<'_>> = answer.json(Resource::Tags)?;
        let annotated = told.value.iter().any(|it| it.peeled_object_id.is_some());
        // Annotated tags can only be read below their project.
        let project = if annotated { self.facts(&place).await?.project } else { String::new() };
        let tags = told.value.into_iter().map(|it| self.tag(&place, &project, it));
        Ok(Page { items: all(tags.collect()).await?, next: continued(KIND, &answer)? })
    }

    async fn tag(
        &self,
        place: &Place,
        project: &str,
        told: RefPayload<'_>,
    ) -> Result<Tag, ProviderError> {
        let name = short_name(&told.name).to_owned();
        let Some(sha) = told.peeled_object_id else {
            return Ok(Tag {
                name,
                sha: told.object_id.into_owned(),
                tag_object_sha: None,
                annotated: Some(false),
                message: None,
                tagger: None,
                created_at: None,
            });
        };
        let path = ["git", "repositories", &place.repository, "annotatedtags", &told.object_id];
        let call = Self::project(&self.sites.main, place, project, path);
        let answer = self.part(place, call, "tag").await?;
        let annotation: TagPayload<'_> = answer.json(Resource::Tags)?;
        let tagger = annotation.tagged_by.map(UserDatePayload::into_signature);
        Ok(Tag {
            name,
            sha: sha.into_owned(),
            tag_object_sha: Some(told.object_id.into_owned()),
            annotated: Some(true),
            message: annotation.message.map(Text::into_owned),
            created_at: tagger.as_ref().and_then(|it| it.date),
            tagger,
        })
    }
}
