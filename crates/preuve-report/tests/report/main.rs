//! The report as others see it: the page, the JSON and the table of small invented cases.

#[cfg(test)]
mod case;
#[cfg(test)]
mod html;
#[cfg(test)]
mod json;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod page;
#[cfg(test)]
mod phrases;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod summary;
